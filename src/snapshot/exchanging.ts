import type { WriteLock } from '../engine/engine.ts'
import { DevshmError } from '../errors.ts'
import type { Context } from '../session/context.ts'

/** One exchange of a file on its way. */
export interface Exchange {
  /** A database that was closed when its `stamp` was taken. Not read as a file from now on: that would drop our lock. */
  readonly path: string
  readonly stamp: string
  /** What is to have its place: on the same file system, complete. */
  readonly fresh: string
  /** A private, closed file with the content of `fresh`. */
  readonly from: string
  /** A free name for the old file, on the same file system. */
  readonly second: string
  /** Called when nobody can write to the old file any more, before anything is done to it. */
  readonly note: () => Promise<void>
}

/** SQLite's write lock, if nobody else has it at this moment. */
export async function lockOrGiveUp({ engine }: Context, path: string): Promise<WriteLock | undefined> {
  try {
    return await engine.lockWriters(path, { timeoutMs: 0 })
  } catch (error) {
    if (error instanceof DevshmError && error.code === 'BUSY') return undefined
    throw error
  }
}
