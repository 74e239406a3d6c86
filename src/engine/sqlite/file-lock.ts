import { lookAt, inodeOf } from '../../fs/look.ts'
import { findOpeners } from '../../process/open-files.ts'
import { isBusy, sqliteCodeOf, untilNotBusy } from './busy.ts'
import { connect, type Connection } from './connection.ts'
import { DevshmError } from '../../errors.ts'

/**
 * A lock between processes that the kernel frees when its process ends, however it ends.
 *
 * Node has no `flock`, but SQLite has the same thing: a transaction on an empty database of which nothing is ever
 * written. It holds across containers that share the folder.
 */
export interface FileLock extends Disposable {}

/**
 * SQLite opens a file that it may not write to for reading alone, without a word, and takes an exclusive transaction on
 * it for one that reads, which keeps nobody out. Only a write tells; it never leaves this process's memory.
 */
const EXCLUSIVELY = 'begin exclusive; pragma user_version = 1'

const SQLITE_READONLY = 8

/**
 * Wait for the lock, for as long as `timeoutMs` allows; whoever has it is told to `onWait` once, after a second.
 *
 * @throws {DevshmError} `LOCKED`, naming the processes that have it
 */
export async function lockExclusively(
  path: string,
  options: { timeoutMs: number; onWait?: (holders: string) => void },
): Promise<FileLock> {
  const deadline = performance.now() + options.timeoutMs
  let isFirst = true
  for (;;) {
    const lock = await tryFor(path, Math.min(deadline - performance.now(), isFirst ? 1_000 : 5_000))
    if (lock !== undefined) return lock
    if (performance.now() >= deadline) {
      throw new DevshmError('LOCKED', `another devshm command is at work on ${path}: ${await holdersOf(path)}`, {
        hint: 'wait for it to end, or resume it if it is suspended, and try again',
      })
    }
    if (isFirst) options.onWait?.(await holdersOf(path))
    isFirst = false
  }
}

/** Show that this process is there, until released: {@link someoneIsPresent}. */
export async function showPresence(path: string): Promise<FileLock> {
  // Whoever asks whether someone is present has the lock for a moment.
  return await untilNotBusy(path, () => lockOnce(path, 'begin; select count(*) from sqlite_schema'))
}

/** Whether any process shows its presence at `path`, be it in another container. Where that can only be read: no. */
export function someoneIsPresent(path: string): boolean {
  try {
    using _lock = lockOnce(path, 'begin exclusive')
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw error
  }
}

/** The lock, if at this moment no process has it or shows its presence: nobody can as long as it is kept. */
export function lockIfFree(path: string): FileLock | undefined {
  try {
    return lockOnce(path, EXCLUSIVELY)
  } catch (error) {
    if (isBusy(error)) return undefined
    throw error
  }
}

async function tryFor(path: string, timeoutMs: number): Promise<FileLock | undefined> {
  try {
    // A promise, so that it is tried once at a time: of fifty that wait, none is to slow down the one that has it.
    return await untilNotBusy(path, async () => lockOnce(path, EXCLUSIVELY), { timeoutMs })
  } catch (error) {
    if (error instanceof DevshmError && error.code === 'BUSY') return undefined
    throw error
  }
}

function notWritable(path: string, cause: unknown): DevshmError {
  return new DevshmError('IO', `${path} cannot be locked, because it can only be read`, {
    hint: 'check the permissions there, and whether its file system is mounted read-only or reports errors',
    cause,
    details: { path },
  })
}

/** The file may be removed while we wait (`rm -rf .devshm`): a lock on a file that is no longer at the path is none. */
function lockOnce(path: string, begin: string): FileLock {
  for (;;) {
    const connection = openLock(path)
    try {
      const before = inodeAt(path)
      connection.exec(begin)
      if (before !== undefined && before === inodeAt(path)) return releasing(connection)
    } catch (error) {
      connection.close()
      throw sqliteCodeOf(error) === SQLITE_READONLY ? notWritable(path, error) : error
    }
    connection.close()
  }
}

function openLock(path: string): Connection {
  const connection = connect(path, 'create')
  // An exclusive transaction on an empty database would otherwise leave a journal beside it after a crash.
  connection.exec('pragma journal_mode = memory')
  return connection
}

function releasing(connection: Connection): FileLock {
  return {
    [Symbol.dispose]: () => {
      if (connection.isOpen) connection.close()
    },
  }
}

function inodeAt(path: string): string | undefined {
  const stats = lookAt(path)
  return stats && inodeOf(stats)
}

async function holdersOf(path: string): Promise<string> {
  const stats = lookAt(path)
  const openers = stats === undefined ? [] : await findOpeners(new Set([inodeOf(stats)]))
  return openers.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ') || 'one that this user cannot see'
}
