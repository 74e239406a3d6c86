import { dirname, join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import { removeFile } from '../fs/remove.ts'
import { requireSpace } from '../fs/space.ts'
import type { Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import type { Places } from './places.ts'

/** What the file system says about the file at the origin: of a database without a link, which anybody may write to. */
export function stampOfOrigin({ origin }: Places): string {
  const stats = lookAt(origin)
  if (stats === undefined) return 'absent'
  const log = lookAt(`${origin}-wal`)
  const ofLog = log === undefined || log.size === 0n ? '-' : `${log.size} ${log.mtimeNs} ${log.ctimeNs}`
  return `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} / ${ofLog}`
}

/** The coarsest clock that files are stamped with (FAT), and a second more, in milliseconds. */
const COARSEST_CLOCK_MS = 3000

/**
 * Whether the file at the origin of a database that was attached without a link still holds what was copied from it: by
 * content, wherever its times leave any doubt. Under the database's lock. Not while this process has the file open.
 *
 * @param copy a free name for a copy of the file, which is removed again
 * @throws {DevshmError} `BUSY`: a program is writing to it at this moment
 */
export async function isAsAttached(context: Context, attachment: Attachment, copy?: string): Promise<boolean> {
  const { engine, places } = context
  const stats = lookAt(places.origin)
  if (stampOfOrigin(places) !== attachment.stamp) {
    if ((await engine.inspect(places.origin)).kind === 'other') return false
  } else if (stats !== undefined && stats.mtimeMs < BigInt(Date.parse(attachment.attachedAt) - COARSEST_CLOCK_MS)) {
    return true
  }
  return await isUnchanged(context, attachment, copy)
}

/**
 * The same by content alone, so that live may take its place: the clock of a shared folder may be another one. This
 * process may have locked the file, which must be known to be a database, if it is there.
 */
export async function isUnchanged(context: Context, attachment: Attachment, copy?: string): Promise<boolean> {
  const { places } = context
  const stats = lookAt(places.origin)
  if (stats === undefined) return attachment.before.kind === 'absent'
  if (!stats.isFile()) return false
  // Whoever only looks whether there is a database leaves an empty file.
  if (attachment.before.kind === 'absent') return stats.size === 0n && lookAt(`${places.origin}-wal`) === undefined
  // After `.devshm/` was removed the times are all there is.
  if (lookAt(places.attachSnapshot) === undefined) return stampOfOrigin(places) === attachment.stamp
  return await holds(context, places.attachSnapshot, copy)
}

/** Whether a complete, closed copy has nothing that the file at the origin has not. */
export async function isAtOrigin(context: Context, file: string): Promise<boolean> {
  const { engine, places } = context
  if (lookAt(places.origin)?.isFile() !== true) return false
  return (await engine.inspect(places.origin)).kind === 'database' && (await holds(context, file))
}

/** Whether the origin has the content of a private, closed file. It is read through SQLite: others may have it open. */
async function holds(
  { engine, places }: Context,
  file: string,
  copy: string = join(places.unfinished, 'compare.sqlite3'),
): Promise<boolean> {
  await removeFile(copy)
  try {
    using pinned = await engine.pin(places.origin)
    await requireSpace(dirname(copy), pinned.bytes, `comparing ${places.origin}`)
    await pinned.copyTo(copy, 0o600)
    pinned[Symbol.dispose]()
    return await engine.haveSameContent(copy, file, { ignoreJournalMode: true })
  } finally {
    await removeFile(copy)
  }
}
