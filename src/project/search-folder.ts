import { type Dirent, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import { isByStranger, mayHoldStrangers } from '../fs/strangers-file.ts'
import { isLinkToDatabase, isSqliteFile } from './sqlite-file.ts'

const DATABASE_NAME = /\.(?:sqlite3|sqlite|db)$/i
/** Levels of folders below the one that is searched. */
const DEEPEST = 4
const MOST_ENTRIES = 20_000
const SKIPPED = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'venv',
  'site-packages',
  '__pycache__',
  '__pypackages__',
  'dist',
  'build',
  'target',
  'out',
  'coverage',
  'cache',
  'tmp',
])

export interface Search {
  /** Where databases were that devshm has a folder for, and nothing is now. */
  readonly removed: readonly string[]
  /** Databases by path, those nearest to the folder first. Regular files and links. */
  readonly databases: readonly string[]
  /** Folders with a `manage.py`. */
  readonly djangoFolders: readonly string[]
}

/**
 * Look for SQLite databases in a project, by name and header: at most 4 levels deep and 20,000 entries, nearest first,
 * without following links to folders, hidden folders, dependencies, virtual environments, build output and caches. A
 * folder that cannot be read is passed over, and so is what another user has put into a shared one.
 */
export function searchFolder(root: string): Search {
  const databases: string[] = []
  const djangoFolders: string[] = []
  const removed: string[] = []
  let level = [root]
  let left = MOST_ENTRIES
  for (let depth = 0; depth <= DEEPEST; depth += 1) {
    const next: string[] = []
    for (const folder of level) {
      const entries = entriesOf(folder).slice(0, left)
      left -= entries.length
      if (folder !== root && entries.some((entry) => entry.name === 'pyvenv.cfg')) continue
      if (entries.some((entry) => entry.name === 'manage.py')) djangoFolders.push(folder)
      if (entries.some((entry) => entry.name === '.devshm')) removed.push(...removedFrom(folder))
      databases.push(...entries.filter(isDatabase).map((entry) => join(folder, entry.name)))
      next.push(...entries.filter(isSearched).map((entry) => join(folder, entry.name)))
    }
    level = next
  }
  return { databases, djangoFolders, removed }
}

/** `.devshm/` has a folder for each database that was in RAM, by its name. */
function removedFrom(folder: string): string[] {
  return entriesOf(join(folder, '.devshm'))
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .filter((path) => lookAt(path) === undefined)
}

function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return mayHoldStrangers(folder) ? entries.filter(({ name }) => !isByStranger(join(folder, name))) : entries
  } catch {
    return []
  }
}

function isSearched(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)
}

function isDatabase(entry: Dirent): boolean {
  if (!DATABASE_NAME.test(entry.name)) return false
  const path = join(entry.parentPath, entry.name)
  return entry.isSymbolicLink() ? isLinkToDatabase(path) : entry.isFile() && isSqliteFile(path)
}
