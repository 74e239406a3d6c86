import { lookAt } from '../fs/look.ts'
import type { Attachment } from '../session/attachment.ts'
import { readLeases, visiblePids } from '../session/leases.ts'
import { canGiveAway } from '../session/ownership.ts'
import { settledStampOf } from '../session/stamp.ts'
import { isMountedByItself } from '../process/mounted-files.ts'
import type { Replacing } from './replacing.ts'

/** What is smaller is overwritten in place, which takes no longer then, in bytes. */
const LARGE = 4_000_000

/** A database that is a plain file, which nobody had open when it was looked at. */
export interface ClosedFile {
  /** Of its file: when this changes, somebody has written to it. */
  readonly stamp: string
  readonly bytes: number
  readonly pageSize: number
  /** Permission bits. */
  readonly mode: number
}

/**
 * Whether a database can get another file in its place: one that is large enough for that to pay, and of which this is
 * certain to be noticed by whoever uses it.
 *
 * Not one with a log: an idle connection that devshm cannot see (of another user, in a container) would go on writing to
 * the old file, while without a log SQLite refuses to (`SQLITE_READONLY_DBMOVED`). Not one with a second name, or that is
 * mounted by itself: that would stay the old file.
 */
export async function findClosed({ context, attachment, path }: Replacing): Promise<ClosedFile | undefined> {
  const { engine } = context
  const stats = lookAt(path)
  if (stats === undefined || !stats.isFile() || stats.size < LARGE || stats.nlink !== 1n) return undefined
  if (!canGiveAway(stats) || isMountedByItself(path)) return undefined
  const stamp = settledStampOf(path)
  if (stamp === undefined) return undefined
  if (attachment !== undefined && (await isHeldElsewhere(attachment))) return undefined
  if (engine.sidecarsOf(path).some((each) => lookAt(each) !== undefined)) return undefined
  // Before it is read as a file: that would drop the locks of a connection of this process.
  if ((await engine.findOpeners(path, { includeSelf: true })).length > 0) return undefined
  const facts = await engine.inspect(path)
  if (facts.kind !== 'database' || facts.journalMode === 'wal' || facts.bytes % facts.pageSize !== 0) return undefined
  return { stamp, bytes: facts.bytes, pageSize: facts.pageSize, mode: Number(stats.mode & 0o7777n) }
}

/** In another container, of which the apps cannot be seen. */
async function isHeldElsewhere(attachment: Attachment): Promise<boolean> {
  const { alive } = await readLeases(attachment)
  return visiblePids(alive).length < alive.length
}
