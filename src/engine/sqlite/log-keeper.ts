import { systemCodeOf } from '../../errors.ts'
import type { LogKeeper } from '../engine.ts'
import { sqliteCodeOf } from './busy.ts'
import { connect, numberOf, valueOf, type Connection } from './connection.ts'
import { watchForWrites } from './watch-for-writes.ts'

/** How often to look for commits while they arrive, in milliseconds. */
const LOOK_EVERY_MS = 150

/** How long nobody must have committed before the log is emptied, in milliseconds; with the look, well under a second. */
const IDLE_AFTER_MS = 400

/**
 * Keep a live database in write-ahead mode, fast while the app works and a plain complete file while it rests.
 *
 * While commits arrive, one connection of ours stays open: an app that connects for each request then never pays for
 * setting the log up and removing it. Once nobody has committed for a moment the log is emptied and the connection
 * closed, so that `cp` out of the path is complete and `cp` over it is seen, and so that an app that wants another
 * journal mode is not kept from it for long.
 *
 * The database may vanish or be busy at any time; that is what the next look is for.
 */
export function keepLogShort(path: string): LogKeeper {
  let connection: Connection | undefined
  let timer: NodeJS.Timeout | undefined
  let isWal = false
  let lastVersion = 0
  let lastCommit = 0

  const wake = (): Connection => {
    connection = connect(path, 'read-write')
    isWal = false
    lastVersion = 0
    return connection
  }
  /** @returns false while a reader keeps the log from being emptied */
  const rest = (): boolean => {
    if (connection !== undefined && valueOf(connection, 'pragma wal_checkpoint(truncate)') === 1) return false
    connection?.close()
    connection = undefined
    return true
  }
  const look = (): void => {
    const current = connection ?? wake()
    // An empty database stays empty: its page size is the app's to choose.
    if (!isWal && numberOf(current, 'pragma page_count') > 0) {
      isWal = valueOf(current, 'pragma journal_mode = wal') === 'wal'
    }
    const version = numberOf(current, 'pragma data_version')
    if (version !== lastVersion) {
      lastVersion = version
      lastCommit = performance.now()
    } else if (performance.now() - lastCommit > IDLE_AFTER_MS && rest()) sleep()
  }
  const sleep = (): void => {
    clearInterval(timer)
    timer = undefined
    writes.wait()
  }
  const writes = watchForWrites(path, () => {
    timer ??= setInterval(() => unlessBusyOrGone(look), LOOK_EVERY_MS).unref()
    unlessBusyOrGone(look)
  })
  writes.wait()

  return {
    [Symbol.dispose]: () => {
      writes[Symbol.dispose]()
      clearInterval(timer)
      // Also what was committed since the last look.
      unlessBusyOrGone(() => {
        connection ??= wake()
        rest()
      })
      connection?.close()
      connection = undefined
    },
  }
}

function unlessBusyOrGone(action: () => void): void {
  try {
    action()
  } catch (error) {
    if (sqliteCodeOf(error) === undefined && systemCodeOf(error) !== 'ENOENT') throw error
  }
}
