import { constants } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { lookThrough } from '../fs/look.ts'
import { removeOnInterrupt } from '../fs/remove-on-interrupt.ts'
import { freeBytes, requireSpace } from '../fs/space.ts'
import { liveFolderOf, type Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import type { ComparedSide } from './diff-base.ts'

/** Private files to compare: snapshots and templates themselves, and copies of what may change meanwhile. */
export interface PrivateFiles {
  readonly a: string
  readonly b: string
  /** Remove the copies; whoever has them open keeps them. Doing so twice is fine. */
  remove(): Promise<void>
}

/**
 * Copy at memory speed what others may have open. Under the database's lock, if it has a folder of its own: whatever is
 * found under our names then was left by a diff that was killed.
 */
export async function makePrivate(
  context: Context,
  a: ComparedSide,
  b: ComparedSide,
  attachment: Attachment | undefined,
  hasStore: boolean,
): Promise<PrivateFiles> {
  const copied = [a, b].filter((side) => mayChange(context, side))
  const bytes = copied.reduce((sum, { path }) => sum + Number(lookThrough(path)?.size ?? 0n), 0)
  const folder = await chooseFolder(context, bytes, attachment, hasStore)
  const paths = { a: join(folder.path, 'diff-a.sqlite3'), b: join(folder.path, 'diff-b.sqlite3') }
  const interrupts = folder.isOwn ? removeOnInterrupt(folder.path) : undefined
  let areRemoved = false
  const remove = async (): Promise<void> => {
    // Once only: after the lock was let go, these names may be another diff's.
    if (areRemoved) return
    areRemoved = true
    for (const path of Object.values(paths)) await rm(path, { force: true })
    if (folder.isOwn) await rm(folder.path, { recursive: true, force: true })
    interrupts?.[Symbol.dispose]()
  }
  try {
    for (const path of Object.values(paths)) await rm(path, { force: true })
    const fileOf = async (side: ComparedSide, to: string): Promise<string> => {
      if (!mayChange(context, side)) return side.path
      await copy(context, side, to)
      return to
    }
    // A first: of two states that are both current, the later one is B.
    return { a: await fileOf(a, paths.a), b: await fileOf(b, paths.b), remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Snapshots and templates are never written to, but for `@attach`: detach makes it the origin again. */
function mayChange({ places }: Context, { kind, path }: ComparedSide): boolean {
  if (path === places.attachSnapshot) return true
  return kind !== 'template' && kind !== 'snapshot' && dirname(path) !== places.snapshots
}

async function copy({ engine, places }: Context, { path }: ComparedSide, to: string): Promise<void> {
  if (path === places.attachSnapshot) {
    // Closed, for as long as we have the lock: no connection of ours is to leave a log beside it.
    await copyFile(path, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    return
  }
  using pinned = await engine.pin(path)
  await pinned.copyTo(to, 0o600)
}

async function chooseFolder(
  { places }: Context,
  bytes: number,
  attachment: Attachment | undefined,
  hasStore: boolean,
): Promise<{ path: string; isOwn: boolean }> {
  // Twice: the app needs room for its own journal meanwhile.
  if (attachment !== undefined && hasStore) {
    const path = liveFolderOf(attachment)
    if ((await freeBytes(path)) > 2 * bytes) return { path, isOwn: false }
  }
  const disk = hasStore ? places.unfinished : tmpdir()
  await requireSpace(disk, bytes, `comparing ${places.origin}`)
  return hasStore ? { path: disk, isOwn: false } : { path: await mkdtemp(join(disk, 'devshm-diff-')), isOwn: true }
}
