import { join } from 'node:path'
import { DevshmError, reasonOf, systemCodeOf } from '../errors.ts'
import { askDjango, type DjangoAnswer } from './ask-django.ts'
import { changedSince } from './django-dependencies.ts'
import { recall, remember } from './django-memory.ts'
import { fileOfDjangoName } from './django-name.ts'
import { findSettingsModule } from './django-settings-module.ts'
import { findPythons } from './find-python.ts'

const TIME_LIMIT_MS = 20_000
const HINT = 'name the database with --db PATH, or in devshm.config.json under "databases"'

export interface DjangoProject {
  readonly root: string
  /** The folder of `manage.py`. */
  readonly folder: string
  readonly cwd: string
  readonly command?: readonly string[] | undefined
  readonly env?: NodeJS.ProcessEnv | undefined
  /** How long Python may take; 20 s unless told. */
  readonly timeoutMs?: number
}

export interface DjangoDatabase {
  readonly alias: string
  /** Absolute, not resolved. */
  readonly path: string
}

export interface InMemoryDatabase {
  readonly alias: string
  /** As in the settings, such as `:memory:`. */
  readonly name: string
}

/**
 * The SQLite databases in the settings of a Django project that are files, there or not.
 *
 * Django is asked once: the answer is kept in `.devshm/` and holds until something it depends on changes (the
 * settings module, the files that it read or imported, the environment variables that it read).
 *
 * @throws {DevshmError} `DATABASE_NOT_FOUND`: Django could not be asked, or has no SQLite file
 */
export async function djangoDatabases(project: DjangoProject): Promise<DjangoDatabase[]> {
  const answer = await settingsOf(project)
  const files = sqliteOf(answer)
    .map(({ alias, name }) => ({ alias, path: fileOfDjangoName(name, project.folder) }))
    .filter(({ path }) => path !== 'memory')
  if (files.length > 0) return files
  const found = answer.databases.map(({ alias, engine, name }) => `${alias} is ${engine || 'not set'} ${name}`.trim())
  const message = `the Django project in ${project.folder} has no SQLite file (${found.join(', ') || 'nor any other'})`
  throw new DevshmError('DATABASE_NOT_FOUND', message, { hint: HINT, details: { folder: project.folder } })
}

/** The SQLite databases of a Django project that are in memory: each process has its own, devshm leaves them alone. */
export async function inMemoryDatabases(project: DjangoProject): Promise<InMemoryDatabase[]> {
  return sqliteOf(await settingsOf(project))
    .filter(({ name }) => fileOfDjangoName(name, project.folder) === 'memory')
    .map(({ alias, name }) => ({ alias, name }))
}

function sqliteOf({ databases }: DjangoAnswer): DjangoAnswer['databases'] {
  return databases.filter(({ engine, name }) => engine.endsWith('sqlite3') && name !== '')
}

async function settingsOf(project: DjangoProject): Promise<DjangoAnswer> {
  const { root, folder, command = [], env = process.env } = project
  const settingsModule = findSettingsModule(folder, command, env)
  if (settingsModule === undefined) throw cannotAsk(project, `${join(folder, 'manage.py')} names no settings module`)
  const asked = { root, folder, settingsModule, env }
  const known = recall(asked)
  if (known !== undefined) return known
  const askedAt = Date.now()
  const answer = await askFirstPython({ ...project, command, env }, settingsModule)
  if (!changedSince(answer, askedAt)) await remember(asked, answer)
  return answer
}

async function askFirstPython(
  project: DjangoProject & { command: readonly string[]; env: NodeJS.ProcessEnv },
  settingsModule: string,
): Promise<DjangoAnswer> {
  const { folder, env, timeoutMs = TIME_LIMIT_MS } = project
  for (const python of findPythons(project)) {
    try {
      return await askDjango({ python, folder, settingsModule, env, timeoutMs })
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw cannotAsk(project, `${python}: ${reasonOf(error)}`, error)
    }
  }
  throw cannotAsk(project, 'there is no Python')
}

function cannotAsk({ folder }: DjangoProject, reason: string, cause?: unknown): DevshmError {
  return new DevshmError('DATABASE_NOT_FOUND', `cannot ask Django in ${folder} for its databases: ${reason}`, {
    hint: HINT,
    cause,
    details: { folder },
  })
}
