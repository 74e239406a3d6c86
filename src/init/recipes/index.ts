import type { Project } from '../../template/framework.ts'
import type { Recipe, FindRecipe } from '../recipe.ts'
import { findAlembic } from './alembic.ts'
import { findFlask } from './flask.ts'
import { findLaravel } from './laravel.ts'
import { findPrisma } from './prisma.ts'
import { findKyselyScripts, findScripts } from './scripts.ts'

/** In the order of asking: what is known of a tool before what its project's scripts may mean. */
const RECIPES: readonly FindRecipe[] = [findPrisma, findLaravel, findFlask, findAlembic, findKyselyScripts, findScripts]

export function findRecipe(project: Project): Recipe | undefined {
  for (const find of RECIPES) {
    const recipe = find(project)
    if (recipe !== undefined) return recipe
  }
  return undefined
}
