import { setTimeout as sleep } from 'node:timers/promises'
import { DevshmError } from '../../errors.ts'
import type { WaitOptions } from '../engine.ts'

const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6
const DEFAULT_TIMEOUT_MS = 5_000
const LONGEST_PAUSE_MS = 50

/** For how long to try without a pause, in milliseconds: a program that commits without end leaves only moments in between. */
const IN_A_ROW_MS = 1

/** SQLite's primary result code of an error, or `undefined` for anything that is not SQLite's. */
export function sqliteCodeOf(error: unknown): number | undefined {
  if (!Error.isError(error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/**
 * Whether somebody else's transaction is in the way. `backup()` reports a busy source or destination as code 0,
 * "not an error".
 */
export function isBusy(error: unknown): boolean {
  const code = sqliteCodeOf(error)
  return code === SQLITE_BUSY || code === SQLITE_LOCKED || code === 0
}

/**
 * Try until nobody is in the way. SQLite's own busy handler would block this thread, and with it signals; so each try
 * returns at once and the pauses are ours. A try that is no promise is made again at once for a millisecond.
 *
 * @throws {DevshmError} `BUSY` after `timeoutMs`; any other error at once, and what aborted `signal`
 */
export async function untilNotBusy<T>(path: string, attempt: () => T | Promise<T>, options?: WaitOptions): Promise<T> {
  const timeoutMs = options?.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const deadline = performance.now() + timeoutMs
  for (let pause = 1; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await inARow(attempt)
    } catch (error) {
      if (!isBusy(error)) throw error
      options?.signal?.throwIfAborted()
      if (performance.now() + pause > deadline) throw busyFor(path, timeoutMs, error)
    }
    await sleep(pause)
  }
}

function inARow<T>(attempt: () => T | Promise<T>): T | Promise<T> {
  const until = performance.now() + IN_A_ROW_MS
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
    }
  }
}

export function busyFor(path: string, timeoutMs: number, cause: unknown): DevshmError {
  return new DevshmError('BUSY', `${path} was locked by another process for ${timeoutMs / 1000} s`, {
    hint: 'wait until its transaction ends, or stop it, and try again',
    cause,
    details: { path, timeoutMs },
  })
}
