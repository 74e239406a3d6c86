import { linkSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type { WriteLock } from '../engine/engine.ts'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import { reach, type Context } from '../session/context.ts'
import { openersAfterAMoment, untilClosed } from '../session/late-openers.ts'
import { stampOf } from '../session/stamp.ts'

export interface Exchange {
  /** A database that was closed when its `stamp` was taken. Not read as a file from now on: that would drop our lock. */
  readonly path: string
  readonly stamp: string
  /** What is to have its place: on the same file system, complete. */
  readonly fresh: string
  /** A free name for the old file, on the same file system. */
  readonly second: string
  /** Called when nobody can write to the old file any more, before anything is done to it. */
  readonly note: () => Promise<void>
}

/**
 * Put a file in the place of a database that nobody has open, by one rename. The old file has its second name before it
 * loses its first, and writers are kept out of it until certainly nobody has it open.
 *
 * @returns `left`: somebody has opened it or written to it since it was looked at, or it cannot be exchanged; it is as before
 */
export async function exchange(
  context: Context,
  { path, stamp, fresh, second, note }: Exchange,
): Promise<'swapped' | 'left'> {
  const { engine } = context
  using lock = await lockOrGiveUp(context, path)
  if (lock === undefined || stampOf(path) !== stamp) return 'left'
  // Who else has opened it since is found when it has lost its place: this is looked for just once more.
  await note()
  const written = whenWritten(fresh)
  try {
    rmSync(second, { force: true })
    linkSync(path, second)
    await syncDirectory(dirname(second))
    await reach(context, 'overwrite:linked')
    renameSync(fresh, path)
  } catch (error) {
    // A file system without links, a file that is mounted by itself: it can still be overwritten where it is.
    if (systemCodeOf(error) === undefined) throw error
    rmSync(second, { force: true })
    return 'left'
  }
  await syncDirectory(dirname(path))
  await reach(context, 'overwrite:swapped')
  if ((await openersAfterAMoment(context, second)).length === 0) return 'swapped'
  if (whenWritten(path) === written && (await engine.findOpeners(path)).length === 0) {
    await putBack(path, fresh, second)
    return 'left'
  }
  // Both are in use: going back would lose what is written to the new one. Nothing can be written to the old one.
  await untilClosed(context, second)
  return 'swapped'
}

async function lockOrGiveUp({ engine }: Context, path: string): Promise<WriteLock | undefined> {
  try {
    return await engine.lockWriters(path, { timeoutMs: 0 })
  } catch (error) {
    if (error instanceof DevshmError && error.code === 'BUSY') return undefined
    throw error
  }
}

async function putBack(path: string, fresh: string, second: string): Promise<void> {
  // A rename of one name onto another of the same file would do nothing.
  rmSync(fresh, { force: true })
  linkSync(second, fresh)
  renameSync(fresh, path)
  await syncDirectory(dirname(path))
  rmSync(second, { force: true })
}

/** Unlike a stamp, not changed by a rename. */
function whenWritten(path: string): string {
  const stats = lookAt(path)
  return `${stats?.size} ${stats?.mtimeNs}`
}
