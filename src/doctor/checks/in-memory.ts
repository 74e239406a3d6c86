import { inMemoryDatabases } from '../../project/django.ts'
import { findDjangoFolder } from '../../project/django-folder.ts'
import { DevshmError } from '../../errors.ts'
import type { Observation } from '../finding.ts'
import { settingsFiles } from '../source-files.ts'
import type { Surroundings } from '../surroundings.ts'

const TIME_LIMIT_MS = 5_000
const IN_MEMORY = /:memory:|mode=memory|vfs=memdb/
const WHY =
  'is in memory: each process has its own, so a server would not see what `migrate` did, and devshm leaves it alone'
const REMEDY = 'configure a file, such as db.sqlite3: devshm keeps it in RAM for all processes'

/** Databases that SQLite keeps in the memory of one process. */
export async function checkInMemory(surroundings: Surroundings): Promise<Observation[]> {
  const { env, explicit, configuration } = surroundings
  const configured = Object.values(configuration.databases ?? {}).map(({ path }) => path)
  const named = [...explicit, ...configured, env['DATABASE_URL'] ?? ''].filter((name) => IN_MEMORY.test(name))
  const observations = named.map((name): Observation => ({
    level: 'problem',
    subject: name,
    message: WHY,
    remedy: REMEDY,
  }))
  return [...observations, ...(await inDjango(surroundings))]
}

/** Python takes a while, and Django's answer is written down: it is only asked where there is something to hear. */
async function inDjango({ root, cwd, env }: Surroundings): Promise<Observation[]> {
  const folder = findDjangoFolder(root, { cwd })
  if (folder === undefined) return []
  const texts = [...settingsFiles(folder, env).map(({ text }) => text), ...Object.values(env)]
  if (!texts.some((text) => IN_MEMORY.test(text ?? ''))) return []
  try {
    const databases = await inMemoryDatabases({ root, folder, cwd, env, timeoutMs: TIME_LIMIT_MS })
    return databases.map(({ alias, name }) => {
      const message = `(${name} in Django's settings) ${WHY}`
      return { level: 'warning', subject: alias, message, remedy: REMEDY }
    })
  } catch (error) {
    if (!(error instanceof DevshmError)) throw error
    return [
      { level: 'note', subject: folder, message: `the settings mention a database in memory, but ${error.message}` },
    ]
  }
}
