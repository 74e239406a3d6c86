import { resolve, sep } from 'node:path'
import { UsageError } from '../errors.ts'
import { chooseDatabase } from './choose-database.ts'
import { type Configuration, loadConfiguration } from './configuration.ts'
import { databaseBesideManage, findDjangoFolder } from './django-folder.ts'
import { findProjectRoot } from './find-project.ts'
import { nameDatabases } from './name-databases.ts'
import { filesBeforeLinks, withoutSameFiles } from './same-file.ts'
import { searchFolder } from './search-folder.ts'

export interface WhereToLook {
  readonly cwd: string
  /** What `--db` says, relative to `cwd`. */
  readonly explicit: readonly string[]
  /** The command to run, which may tell where `manage.py` is, the settings module and the Python. */
  readonly command?: readonly string[] | undefined
  readonly env?: NodeJS.ProcessEnv | undefined
}

export interface FoundDatabase {
  /** For people, unique among those found together. */
  readonly name: string
  /** Absolute, as configured: a link is not resolved, and there may be nothing there yet. */
  readonly path: string
  readonly source: 'option' | 'configuration' | 'django' | 'found'
}

export interface FoundDatabases {
  readonly root: string
  /** At least one; two names of one file count once. */
  readonly databases: readonly FoundDatabase[]
  readonly configuration: Configuration
}

/**
 * The databases that a command means: those given with `--db`, else those of the configuration, else those of Django,
 * else the only SQLite file in the project (see {@link chooseDatabase} for more than one).
 *
 * @throws {DevshmError} `DATABASE_NOT_FOUND`, `DATABASE_AMBIGUOUS` or `CONFIGURATION`
 * @throws {UsageError} an empty `--db`, or two configurations
 */
export async function findDatabases(where: WhereToLook): Promise<FoundDatabases> {
  const root = findProjectRoot(where.cwd)
  const configuration = await loadConfiguration(root)
  const found = given(where, root) ?? configured(configuration, root) ?? (await detected(where, root))
  const kept = withoutSameFiles(found.map((database) => database.path))
  return { root, databases: kept.flatMap((path) => found.find((each) => each.path === path) ?? []), configuration }
}

function given({ explicit, cwd }: WhereToLook, root: string): FoundDatabase[] | undefined {
  if (explicit.length === 0) return undefined
  if (explicit.includes('')) {
    throw new UsageError('--db was given an empty path', { hint: 'check the variable that it comes from, if any' })
  }
  const paths = withoutSameFiles(explicit.map((path) => resolve(cwd, path)))
  const names = nameDatabases(paths, root)
  return paths.map((path, index) => ({ name: names[index] ?? path, path, source: 'option' }))
}

function configured({ databases }: Configuration, root: string): FoundDatabase[] | undefined {
  if (databases === undefined) return undefined
  return Object.entries(databases).map(([name, { path }]) => {
    return { name, path: resolve(root, path), source: 'configuration' }
  })
}

async function detected(where: WhereToLook, root: string): Promise<FoundDatabase[]> {
  const named = findDjangoFolder(root, where)
  if (named !== undefined) return await ofDjango(named, where, root)
  const { databases, djangoFolders, removed } = searchFolder(root)
  const [folder, ...more] = djangoFolders
  // A Django project in the middle of something with databases of its own may be just an example.
  const isTheProject =
    folder !== undefined && more.length === 0 && databases.every((path) => path.startsWith(folder + sep))
  if (isTheProject) return await ofDjango(folder, where, root)
  const candidates = databases.length > 0 ? withoutSameFiles(filesBeforeLinks(databases)) : removed
  const path = chooseDatabase(candidates, root, where.cwd)
  return [{ name: nameDatabases([path], root)[0] ?? path, path, source: 'found' }]
}

async function ofDjango(folder: string, where: WhereToLook, root: string): Promise<FoundDatabase[]> {
  const path = databaseBesideManage(folder)
  if (path !== undefined) return [{ name: 'default', path, source: 'django' }]
  const { djangoDatabases } = await import('./django.ts')
  const databases = await djangoDatabases({ ...where, root, folder })
  return databases.map(({ alias, path }) => ({ name: alias, path, source: 'django' }))
}
