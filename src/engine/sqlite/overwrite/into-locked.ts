import { inodeBehind, type Inode } from '../../../fs/look.ts'
import type { OverwriteOptions, PinnedDatabase } from '../../engine.ts'
import { untilNotBusy } from '../busy.ts'
import { backup, connect, numberOf, valueOf, type Connection } from '../connection.ts'
import { pin, pinnedOn } from '../pin.ts'
import type { Outcome } from './outcome.ts'

export interface Overwriting {
  readonly path: string
  /** What the path led to before it was opened: while it leads elsewhere, nothing is written. */
  readonly inode: Inode | undefined
  /** Open to the database, and has read nothing so far. */
  readonly guard: Connection
  /** The file with the new content, as it goes in. */
  readonly from: string
  /** Open to it. */
  readonly source: Connection
  readonly options: OverwriteOptions
}

/** A step of a copy: short enough for progress and signals. */
export const PAGES_PER_STEP = 1_024

/**
 * How long to stand in line for the lock at a time, in milliseconds. SQLite keeps new readers out while a connection
 * stands in line, so a steady stream of them cannot keep us waiting; but standing blocks this thread.
 */
const IN_LINE_MS = 100

/**
 * Into a database with a rollback journal. The guard holds an exclusive lock, so that nobody reads or writes while the
 * last state is kept and overwritten; what devshm itself does to the file meanwhile takes no locks.
 *
 * SQLite would let only the connection that holds the lock write, but a backup always opens a connection of its own.
 */
export async function intoLocked({ path, inode, guard, source, options }: Overwriting): Promise<Outcome> {
  const { before, onProgress } = options
  const version = await untilNotBusy(path, () => numberOf(guard, 'pragma data_version'), options)
  // Without the lock first: the copy may go to a slow disk, and the app goes on meanwhile.
  {
    using old = await pin(path, options)
    if ((await before(old)) === 'leave it') return 'left'
  }
  guard.exec(`pragma busy_timeout = ${IN_LINE_MS}`)
  await untilNotBusy(path, () => guard.exec('begin exclusive'), options)
  // The app has turned it into one with a log: now this transaction keeps out writers only.
  if (valueOf(guard, 'pragma journal_mode') === 'wal') {
    guard.exec('rollback')
    return 'try again'
  }
  // Closed at the very end, and the guard after it: closing one of them drops the locks of all.
  const reader = connect(path, 'unlocked')
  try {
    if (
      numberOf(guard, 'pragma data_version') !== version &&
      (await before(readUnlocked(reader, inode))) === 'leave it'
    ) {
      return 'left'
    }
    // Somebody put another file there, of which nothing is kept.
    if (inodeBehind(path) !== inode) return 'try again'
    await backup(source, path, { rate: PAGES_PER_STEP, isUnlocked: true, onProgress: inBytes(source, onProgress) })
    return 'overwritten'
  } finally {
    reader.close()
  }
}

function readUnlocked(reader: Connection, inode: Inode | undefined): PinnedDatabase {
  return { ...pinnedOn(reader, inode), [Symbol.dispose]: () => undefined }
}

export function inBytes(source: Connection, onProgress: OverwriteOptions['onProgress']): typeof onProgress {
  if (onProgress === undefined) return undefined
  const pageSize = numberOf(source, 'pragma page_size')
  return (done, total) => onProgress(done * pageSize, total * pageSize)
}
