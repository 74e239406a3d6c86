import { chmod, constants, copyFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { identityOf, lookAt, type Identity } from '../fs/look.ts'
import { freeBytes, requireSpace } from '../fs/space.ts'
import { syncDirectory, syncFile } from '../fs/sync.ts'
import { liveFolderOf } from '../session/attachment.ts'
import { reach, type Context } from '../session/context.ts'
import type { SessionEvent } from '../session/events.ts'
import { giveOwnerOf } from '../session/ownership.ts'
import { copyDamaged } from '../session/require-faithful.ts'
import { stampOf } from '../session/stamp.ts'
import { both } from '../fs/both.ts'
import { writeOut } from '../session/write-out.ts'
import { findClosed, type ClosedFile } from './closed-file.ts'
import { dateAfterOthers } from './date.ts'
import { exchange } from './exchange.ts'
import { writeHistory, type History } from './history.ts'
import { findSame } from './keep.ts'
import { nextAutomaticName, snapshotPath } from './names.ts'
import type { Replaced, Replacing } from './replacing.ts'
import { makeSnapshotOf, settleAfterFailure, takeBack, takeBackAfterFailure } from './settle-history.ts'

/** For the file system's own records, in bytes. */
const MARGIN_BYTES = 1_000_000

/**
 * Put another file in the place of a large database that nobody has open, which takes the time of a copy; in place it
 * would be written twice, once as a journal of all of the old content. On disk the old file itself becomes the snapshot.
 *
 * @returns `undefined` where that cannot be done, or somebody opened the database meanwhile; it is then as before
 */
export async function swapClosed(replacing: Replacing): Promise<Replaced | undefined> {
  const { context, attachment, path, from, bytes, history, base } = replacing
  const { places, engine } = context
  const closed = await findClosed(replacing)
  if (closed === undefined) return undefined
  const isOnDisk = attachment === undefined
  const folder = isOnDisk ? places.unfinished : liveFolderOf(attachment)
  if ((await freeBytes(folder)) < bytes + MARGIN_BYTES) return undefined
  const isAsFound = (): boolean => stampOf(path) === closed.stamp
  if (await engine.haveSameContent(path, from, { ignoreJournalMode: true })) {
    // Read while somebody wrote to it, it may never have been that.
    if (!isAsFound()) return undefined
    await takeBack(context, { ...history, base }, undefined)
    return { changed: false, kept: undefined, bytes }
  }
  const fresh = join(folder, 'fresh.sqlite3')
  let own: string | undefined
  let pending: History['pending']
  // Of a copy that is no use what is said about it is not true.
  const said: SessionEvent[] = []
  try {
    const same = await findSame(context, { path })
    own = same === undefined ? nextAutomaticName(places, replacing.by) : undefined
    await both(
      own !== undefined && !isOnDisk
        ? keepFromRam({ ...context, report: (event) => void said.push(event) }, path, closed, own)
        : undefined,
      makeFresh(replacing, closed, fresh),
    )
    const overwritten = { snapshot: same ?? own ?? '', by: replacing.by, at: replacing.at }
    const note = async (): Promise<void> => {
      pending = { base, isOwn: own !== undefined, overwritten, swapped: identityAt(fresh) }
      await writeHistory(places, { ...history, pending })
      await reach(context, 'overwrite:kept')
    }
    const second = own !== undefined && isOnDisk ? snapshotPath(places, own) : join(folder, 'second.sqlite3')
    if ((await exchange(context, { path, fresh, from, second, stamp: closed.stamp, note })) === 'left') {
      await takeBackAfterFailure(context, history, pending, own)
      return undefined
    }
    if (own !== undefined && isOnDisk) await makeSnapshotOf(places, second)
    for (const event of said) context.report(event)
    await reach(context, 'overwrite:done')
    await writeHistory(places, { base, overwritten })
    return { changed: true, kept: overwritten.snapshot, bytes }
  } catch (error) {
    // Which file has the path says what came to pass.
    if (pending === undefined) await takeBackAfterFailure(context, history, pending, own)
    else await settleAfterFailure(context, attachment)
    // Somebody wrote to it while it was copied.
    if (pending === undefined && !isAsFound()) return undefined
    throw error
  } finally {
    for (const each of [fresh, join(folder, 'second.sqlite3')]) await rm(each, { force: true })
  }
}

/** Of what is in RAM the disk gets a copy of its own. */
async function keepFromRam(
  context: Context,
  path: string,
  { bytes, pageSize }: ClosedFile,
  name: string,
): Promise<void> {
  const { places } = context
  const written = join(places.unfinished, 'snapshot.sqlite3')
  await requireSpace(places.unfinished, bytes, `keeping what ${places.origin} holds`)
  try {
    await rm(written, { force: true })
    await writeOut(context, path, written, { pageCount: bytes / pageSize, pageSize })
    await chmod(written, 0o600)
    await dateAfterOthers(places, written)
    await rename(written, snapshotPath(places, name))
    await syncDirectory(places.snapshots)
  } finally {
    await rm(written, { force: true })
  }
}

/** A copy of the new content that can take the old one's place, on disk synced. */
async function makeFresh(replacing: Replacing, { mode }: ClosedFile, fresh: string): Promise<void> {
  const { context, attachment, path, from } = replacing
  const { engine } = context
  await rm(fresh, { force: true })
  await copyFile(from, fresh, constants.COPYFILE_FICLONE)
  await chmod(fresh, mode)
  await giveOwnerOf(path, fresh)
  const facts = await engine.inspect(fresh)
  if (facts.kind === 'database' && facts.journalMode === 'wal') await engine.setJournalMode(fresh, 'rollback')
  const isInRam = attachment !== undefined
  const comparing = engine.haveSameContent(fresh, from, { ignoreJournalMode: true })
  const [isSame] = await both(comparing, isInRam ? undefined : syncFile(fresh))
  if (!isSame) throw copyDamaged(context, fresh, `it differs from ${from}, which it was copied from`)
}

function identityAt(path: string): Identity {
  const stats = lookAt(path)
  if (stats === undefined) throw new Error(`${path} is gone`)
  return identityOf(stats)
}
