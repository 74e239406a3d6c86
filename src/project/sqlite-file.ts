import { closeSync, openSync, readSync, statSync, type Stats } from 'node:fs'
import { linkTarget } from '../fs/look.ts'
import { looksLikeBuild } from '../volume/build-folder.ts'
import { looksLikeLive } from '../volume/live-folder.ts'

const HEADER = Buffer.from('SQLite format 3\0', 'latin1')

/**
 * Whether a file found by its name is a SQLite database.
 *
 * It opens and closes the file, which drops the locks that SQLite holds on it in this process: only for a process that
 * has not opened a database yet.
 *
 * @see https://sqlite.org/fileformat.html#the_database_header
 */
export function isSqliteFile(path: string): boolean {
  // Opening a pipe of that name would wait for ever.
  if (statsOf(path)?.isFile() !== true) return false
  const start = Buffer.alloc(HEADER.length)
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return false
  }
  try {
    return readSync(file, start, 0, HEADER.length, 0) === HEADER.length && start.equals(HEADER)
  } finally {
    closeSync(file)
  }
}

/**
 * Whether a symbolic link stands for a database: it leads to a live one of devshm's (even if that is gone after a
 * reboot), or to a SQLite file, or to an empty file that the app has yet to fill.
 */
export function isLinkToDatabase(path: string): boolean {
  if (isInRam(path)) return true
  const stats = statsOf(path)
  return stats?.isFile() === true && (stats.size === 0 || isSqliteFile(path))
}

/** `undefined` also for what cannot be looked at: a link to itself, or into a folder of another user. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Whether a path is devshm's own link to a live database, or to one that is being built, there or not. */
export function isInRam(path: string): boolean {
  const target = linkTarget(path)
  return target !== undefined && (looksLikeLive(target) || looksLikeBuild(target))
}
