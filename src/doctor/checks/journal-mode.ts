import { join } from 'node:path'
import { findDjangoFolder } from '../../project/django-folder.ts'
import type { Context } from '../../session/context.ts'
import type { Observation } from '../finding.ts'
import { readSource, settingsFiles, type SourceFile } from '../source-files.ts'
import type { Surroundings } from '../surroundings.ts'

const SETS_MODE = /^(?!\s*(?:#|\/\/)).*?journal_mode\s*["']?\s*[=:(]\s*["']?\s*(\w+)/im
const FIRST_RAILS_WITH_WAL = 7.1

/** A database or an app with a journal mode of its own, and what becomes of it in RAM. */
export async function checkJournalMode(surroundings: Surroundings): Promise<Observation[]> {
  const inDatabases = (await Promise.all(surroundings.databases.map(ofDatabase))).flat()
  return [...inDatabases, ...ofApp(surroundings)]
}

async function ofDatabase({ places: { origin }, engine }: Context): Promise<Observation[]> {
  const facts = await engine.inspect(origin)
  if (facts.kind !== 'database') return []
  if (facts.journalMode === 'rollback') return [{ level: 'ok', subject: origin, message: 'has a rollback journal' }]
  const message =
    'is a WAL database, and stays one: while the app runs, a plain cp misses its newest commits, which are in the log'
  return [
    { level: 'note', subject: origin, message, remedy: 'devshm save, or --journal wal, which keeps the log short' },
  ]
}

function ofApp({ root, cwd, env, configuration }: Surroundings): Observation[] {
  const folder = findDjangoFolder(root, { cwd })
  const django = folder === undefined ? [] : settingsFiles(folder, env)
  const sources = [...django, ...readSource(join(root, 'config/database.yml'))]
  const set = sources.flatMap(modeIn)
  const rails = set.length > 0 ? [] : readSource(join(root, 'Gemfile.lock')).flatMap(railsDefault)
  return [...set, ...rails].map(({ path, mode }): Observation => {
    const seen = `sets journal_mode to ${mode}`
    if (configuration.journal === 'wal' && mode !== 'wal') {
      const message = `${seen}, which fails ("database is locked") while devshm keeps the database WAL in RAM`
      return { level: 'warning', subject: path, message, remedy: 'set "journal" to "keep" in the configuration' }
    }
    const message = `${seen}; devshm keeps what the app sets, in RAM and on disk`
    return { level: 'note', subject: path, message, ...(mode !== 'wal' && { remedy: 'leave --journal at keep' }) }
  })
}

interface SetMode {
  readonly path: string
  readonly mode: string
}

function modeIn({ path, text }: SourceFile): SetMode[] {
  const mode = SETS_MODE.exec(text)?.[1]?.toLowerCase()
  return mode === undefined ? [] : [{ path, mode }]
}

/** @see https://guides.rubyonrails.org/configuring.html#configuring-an-sqlite3-database */
function railsDefault({ path, text }: SourceFile): SetMode[] {
  const version = /^ {4}rails \((\d+\.\d+)/m.exec(text)?.[1]
  return version !== undefined && Number(version) >= FIRST_RAILS_WITH_WAL ? [{ path, mode: 'wal' }] : []
}
