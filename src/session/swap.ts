import { linkSync, lstatSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { inodeOf, linkTarget, lookAt } from '../fs/look.ts'
import { renameDurably } from '../fs/replace.ts'
import { syncDirectory } from '../fs/sync.ts'
import type { Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { keepAsSnapshot } from './keep-as-snapshot.ts'
import type { Places } from './places.ts'

/** Whether the origin is our link to this attachment's live database. */
export function isLinkedTo(origin: string, { live }: Attachment): boolean {
  return linkTarget(origin) === live
}

/** Whether the origin is that link, and live is there. */
export function leadsToLive(origin: string, attachment: Attachment | undefined): boolean {
  return attachment !== undefined && isLinkedTo(origin, attachment) && lookAt(attachment.live) !== undefined
}

/**
 * Put the link in the origin's place. The old file first gets a second name, the snapshot `@attach`; then one rename
 * replaces the first name, so that the path leads to a valid database at every instant.
 */
export async function swapIn(context: Context, attachment: Attachment): Promise<void> {
  const { places } = context
  const { origin } = places
  if (attachment.before.kind === 'absent') {
    // Of a database that was here earlier; as the newest copy of this one it would be wrong.
    if (lookAt(places.attachSnapshot) !== undefined) await keepAsSnapshot(context, places.attachSnapshot)
    await linkUnlessThere(attachment.live, origin)
  } else {
    await keepOriginal(context)
    await reach(context, 'attach:kept')
    const prepared = prepareLink(places, attachment.live)
    if (inodeOf(lstatSync(origin, { bigint: true })) !== attachment.before.inode) {
      throw new DevshmError('IN_USE', `${origin} was replaced while it was being attached`, {
        hint: 'wait for the program that replaced it, and try again',
        details: { path: origin },
      })
    }
    renameSync(prepared, origin)
  }
  await syncDirectory(dirname(origin))
}

/** Fails if the app has created the file in this very moment: nothing is replaced. */
async function linkUnlessThere(live: string, origin: string): Promise<void> {
  try {
    symlinkSync(live, origin)
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw cannotLink(origin, 'symbolic links', error)
    throw new DevshmError('IN_USE', `${origin} was created while it was being attached`, {
      hint: 'wait for the program that created it, and try again',
      cause: error,
      details: { path: origin },
    })
  }
}

/** Point the origin at live again, after it was a file for a moment. */
export async function linkAgain(context: Context, attachment: Attachment): Promise<void> {
  await renameDurably(prepareLink(context.places, attachment.live), context.places.origin)
}

/** Make the origin again what it was before {@link swapIn}. */
export async function swapBack({ places }: Context, attachment: Attachment): Promise<void> {
  if (attachment.before.kind === 'file') {
    await renameDurably(places.attachSnapshot, places.origin)
  } else {
    unlinkSync(places.origin)
    await syncDirectory(dirname(places.origin))
  }
}

/** Remove the second name of an original that was never replaced. */
export async function forgetOriginal({ places }: Context, attachment: Attachment): Promise<void> {
  const kept = lookAt(places.attachSnapshot)
  if (kept === undefined || attachment.before.kind === 'absent') return
  if (inodeOf(kept) === attachment.before.inode && kept.nlink > 1n) unlinkSync(places.attachSnapshot)
}

/**
 * Remove what SQLite leaves beside a database whose path changed under an open connection of ours. Only when nobody has
 * the old file open; what has content is somebody else's and stays.
 */
export async function removeEmptySidecars({ engine, places }: Context): Promise<void> {
  const [log, memory, journal] = await Promise.all(
    engine.sidecarsOf(places.origin).map(async (path) => {
      const stats = lookAt(path)
      return { path, exists: stats !== undefined, isEmpty: stats?.size === 0n }
    }),
  )
  if (log?.exists === true && !log.isEmpty) return
  if (memory?.exists === true) rmSync(memory.path, { force: true })
  for (const file of [log, journal]) if (file?.isEmpty === true) rmSync(file.path, { force: true })
}

async function keepOriginal({ places }: Context): Promise<void> {
  const second = join(places.unfinished, 'attach.sqlite3')
  rmSync(second, { force: true })
  try {
    linkSync(places.origin, second)
  } catch (error) {
    throw cannotLink(places.origin, 'hard links', error)
  }
  renameSync(second, places.attachSnapshot)
  await syncDirectory(places.snapshots)
}

/** A link to `target` that one rename can put in the origin's place. */
export function prepareLink(places: Places, target: string): string {
  const prepared = join(places.unfinished, 'link')
  rmSync(prepared, { force: true })
  try {
    symlinkSync(target, prepared)
  } catch (error) {
    throw cannotLink(places.origin, 'symbolic links', error)
  }
  return prepared
}

export function cannotLink(origin: string, kind: string, error: unknown): unknown {
  const code = systemCodeOf(error)
  if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') return error
  return new DevshmError('UNSUPPORTED', `the file system of ${origin} has no ${kind}`, {
    hint: 'move the project to a file system that has them, or, for Django, use `devshm run --no-link`',
    cause: error,
    details: { path: origin },
  })
}
