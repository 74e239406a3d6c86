import type { FindFramework, Framework, Project } from '../framework.ts'
import { findDjango } from './django/index.ts'
import { findDrizzle } from './drizzle.ts'
import { findKnex } from './knex.ts'
import { findKysely } from './kysely.ts'
import { findRails } from './rails.ts'
import { findSequelize } from './sequelize.ts'
import { findTypeorm } from './typeorm.ts'

/** In the order of asking: the ones whose files can be mistaken for nothing else come first. */
const FRAMEWORKS: readonly FindFramework[] = [
  findDjango,
  findRails,
  findKnex,
  findDrizzle,
  findTypeorm,
  findSequelize,
  findKysely,
]

/** The framework of a project, by its files; `undefined` where it is none that devshm knows. */
export async function findFramework(project: Project): Promise<Framework | undefined> {
  for (const find of FRAMEWORKS) {
    const framework = await find(project)
    if (framework !== undefined) return framework
  }
  return undefined
}

/** All that a project seems to be of; the first is the one that {@link findFramework} finds. */
export async function findFrameworks(project: Project): Promise<readonly Framework[]> {
  const found = await Promise.all(FRAMEWORKS.map((find) => find(project)))
  return found.filter((framework) => framework !== undefined)
}
