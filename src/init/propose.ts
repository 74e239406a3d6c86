import { homedir } from 'node:os'
import { dirname, relative, resolve } from 'node:path'
import { DevshmError } from '../errors.ts'
import { type Configuration, loadConfiguration } from '../project/configuration.ts'
import { findDatabases } from '../project/find-databases.ts'
import { findProjectRoot, hasMarker } from '../project/find-project.ts'
import { nameDatabases } from '../project/name-databases.ts'
import { cacheOf, ensureCache } from '../template/cache.ts'
import type { Framework, Project, SetupStep } from '../template/framework.ts'
import { findFrameworks } from '../template/frameworks/index.ts'
import { lookAtProject } from '../template/look-at-project.ts'
import { asFolders } from './as-folders.ts'
import { namedDatabases } from './named-databases.ts'
import { portable } from './portable.ts'
import type { Proposal } from './proposal.ts'
import type { Recipe } from './recipe.ts'
import { findRecipe } from './recipes/index.ts'

const NAMES: Readonly<Record<string, string>> = {
  django: 'Django',
  rails: 'Rails',
  knex: 'Knex',
  drizzle: 'Drizzle',
  typeorm: 'TypeORM',
  sequelize: 'Sequelize',
  kysely: 'Kysely',
}
const LOOKED_FOR = [...Object.values(NAMES), 'Prisma', 'Laravel', 'Flask-Migrate', 'Alembic', 'scripts that migrate']
const OF_A_DATABASE = /DATABASE|(^|_)DB(_|$)|SQLITE/

export interface WhereToPropose {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** What `--db` says, relative to `cwd`. */
  readonly db: readonly string[]
}

interface Found {
  readonly project: Project
  readonly frameworks: readonly Framework[]
  readonly recipe: Recipe | undefined
}

/**
 * Look at the project that `cwd` is in, and say how it would be configured. What devshm does by itself is proposed as it
 * is: the configuration then means the same as none. Nothing of the project is run, but that Django may be asked for its
 * settings; nothing is changed.
 *
 * Databases are those that all commands mean; where there are none yet, or several, those that the settings of the
 * framework name.
 *
 * @throws {DevshmError} `NO_SETUP`: nothing was found that sets databases up; `DATABASE_NOT_FOUND`, `DATABASE_AMBIGUOUS`;
 *   `CONFIGURATION`: a mistake in the configuration that is there
 */
export async function propose(where: WhereToPropose): Promise<Proposal> {
  const root = findProjectRoot(where.cwd)
  // No project, and it would take minutes to look through all of it.
  if (dirname(root) === root || (root === homedir() && !hasMarker(root))) throw nothingFound(root)
  const own = recipeIn(await loadConfiguration(root))
  const cache = cacheOf(where.env)
  ensureCache(cache)
  const look = async (databases: Project['databases']): Promise<Found> => {
    const project = lookAtProject({ root, env: where.env, databases, cache })
    const frameworks = await findFrameworks(project)
    const recipe = frameworks.length > 0 ? undefined : (findRecipe(project) ?? own)
    project.facts.save()
    return { project, frameworks, recipe }
  }

  const databases = await databasesOf(where)
  if (!(databases instanceof DevshmError)) return proposalOf(await look(databases))
  const first = await look([])
  requireSomething(first)
  const [only, ...more] = namedIn(first)
  // Settings may name the same as what is there, and so tell which of several is meant.
  if (only === undefined || more.length > 0) throw databases
  const origin = resolve(root, only)
  return proposalOf(await look([{ name: nameDatabases([origin], root)[0] ?? 'default', origin }]))
}

/** Where nothing else is found, the user's own steps are as good. */
function recipeIn({ setup, env }: Configuration): Recipe | undefined {
  if (setup === undefined) return undefined
  return { name: 'the steps of the configuration', steps: setup, ...(env === undefined ? {} : { env }) }
}

async function databasesOf({ cwd, env, db }: WhereToPropose): Promise<Project['databases'] | DevshmError> {
  try {
    const { databases } = await findDatabases({ cwd, env, explicit: db })
    return databases.map(({ name, path }) => ({ name, origin: path }))
  } catch (error) {
    if (error instanceof DevshmError && error.code.startsWith('DATABASE_')) return error
    throw error
  }
}

function namedIn({ project, frameworks: [framework], recipe }: Found): readonly string[] {
  return framework === undefined ? [...new Set(recipe?.databases)] : namedDatabases(project, framework)
}

function requireSomething({ project: { root }, frameworks, recipe }: Found): void {
  if (frameworks.length === 0 && recipe === undefined) throw nothingFound(root)
}

function nothingFound(root: string): DevshmError {
  return new DevshmError(
    'NO_SETUP',
    `nothing in ${root} says how its databases are set up; looked for ${LOOKED_FOR.join(', ')}`,
    {
      hint: 'write devshm.config.json yourself, such as {"setup": [{"run": "make database"}]}',
      details: { root, lookedFor: LOOKED_FOR },
    },
  )
}

function proposalOf(found: Found): Proposal {
  requireSomething(found)
  const {
    project,
    frameworks: [framework, ...others],
    recipe,
  } = found
  const { root, databases, files } = project
  const variables = framework?.route.kind === 'in-place' ? framework.variables : (recipe?.variables ?? [])
  return {
    root,
    framework: framework === undefined ? (recipe?.name ?? '') : nameOf(framework),
    isPreset: framework !== undefined,
    others: others.map(nameOf),
    databases: named(databases, root),
    env: recipe?.env,
    setup: framework?.steps.map((step) => portable(withFolders(step, files), project)) ?? recipe?.steps ?? [],
    maybeLeadBy: recipe?.env === undefined ? variables.filter((name) => OF_A_DATABASE.test(name)) : [],
    toFillIn: recipe?.toFillIn ?? [],
  }
}

function nameOf({ name }: Framework): string {
  return NAMES[name] ?? name
}

/** Names of the framework's may have characters that those of a configuration cannot have. */
function named(databases: Project['databases'], root: string): Proposal['databases'] {
  const paths = new Map<string, { path: string }>()
  for (const [index, { name, origin }] of databases.entries()) {
    const plain = name.replaceAll(/[^A-Za-z0-9_-]/g, '-')
    paths.set(paths.has(plain) ? `${plain}-${index + 1}` : plain, { path: pathFrom(root, origin) })
  }
  return Object.fromEntries(paths)
}

function pathFrom(root: string, origin: string): string {
  const path = relative(root, origin)
  return path.length < origin.length ? path : origin
}

/** What a framework found file by file is said by folders; empty lists of variables are left out. */
function withFolders({ run, inputs, variables = [], incremental }: SetupStep, files: readonly string[]): SetupStep {
  return {
    run,
    inputs: asFolders(inputs, files),
    ...(variables.length > 0 ? { variables } : {}),
    ...(incremental === true ? { incremental } : {}),
  }
}
