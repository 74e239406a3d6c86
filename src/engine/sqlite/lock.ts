import { stat } from 'node:fs/promises'
import { systemCodeOf } from '../../errors.ts'
import type { WaitOptions, WriteLock } from '../engine.ts'
import { isBusy, untilNotBusy } from './busy.ts'
import { connect, valueOf, type Connection } from './connection.ts'

/**
 * Hold SQLite's write lock on a database: {@link Engine.lockWriters}.
 *
 * A write-ahead log is emptied into the main file first, and looked at again under the lock, because somebody may
 * commit in between.
 */
export async function lockWriters(path: string, options?: WaitOptions): Promise<WriteLock> {
  const connection = connect(path, 'read-write')
  try {
    await untilNotBusy(path, () => lockWithEmptyLog(connection, path), options)
  } catch (error) {
    connection.close()
    throw error
  }
  return {
    [Symbol.dispose]: () => {
      if (connection.isOpen) connection.close()
    },
  }
}

/** Thrown inside {@link untilNotBusy}'s loop: the log was not empty, which is another way of being busy. */
class LogInUse extends Error {
  readonly errcode = 5
}

async function lockWithEmptyLog(connection: Connection, path: string): Promise<void> {
  const isWal = valueOf(connection, 'pragma journal_mode') === 'wal'
  // Not of an empty log: truncating that one, too, looks like a commit to every watcher of `data_version`.
  const hasLog = isWal && (await sizeOf(`${path}-wal`)) > 0
  if (hasLog && valueOf(connection, 'pragma wal_checkpoint(truncate)') !== 0) throw new LogInUse()
  connection.exec('begin immediate')
  if (isWal && (await sizeOf(`${path}-wal`)) > 0) {
    connection.exec('rollback')
    throw new LogInUse()
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return 0
    throw error
  }
}

/**
 * Whether nobody is using the database, by SQLite's own locks.
 *
 * In WAL mode every connection that has run a query holds a lock, idle or not; in rollback modes only one inside a
 * transaction does, so this complements the search for open files and does not replace it. In WAL mode the log is
 * emptied and removed on the way.
 */
export function canHaveExclusively(path: string): boolean {
  const connection = connect(path, 'read-write')
  try {
    connection.exec('pragma locking_mode = exclusive')
    connection.exec('begin exclusive')
    connection.exec('rollback')
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  } finally {
    connection.close()
  }
}
