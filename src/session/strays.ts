import { readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { reasonOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { requireSpace } from '../fs/space.ts'
import { syncFile } from '../fs/sync.ts'
import { removeFile } from '../fs/remove.ts'
import { removeGoneFolder, renameLiveFolderAway } from '../volume/live-folder.ts'
import { forgetInStore, journalModeOnDisk, liveFolderOf, routeOf, type Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import type { Situation } from './examine.ts'
import { keepAsSnapshot, type KeptSnapshot } from './keep-as-snapshot.ts'
import { requireFaithful } from './require-faithful.ts'
import { stampOf } from './stamp.ts'
import { ensureStore } from './store.ts'

/**
 * A live database that the path no longer leads to: left over from an attach or detach that crashed, or replaced by the
 * user. What exists on disk anyway goes away; anything else is kept as the snapshot `@replaced` first. While a process
 * still has it open it stays, because that process may still write to it.
 *
 * @returns whether what it held is on disk now
 */
export async function settleStray(context: Context, situation: Situation, stray: Attachment): Promise<boolean> {
  const { engine, places, report } = context
  try {
    const isOnDisk = await isWhatDetachPutThere(situation, stray)
    using watch = engine.watchCommits(stray.live)
    if (!isOnDisk) {
      const kept = await keepUnlessOnDisk(context, stray)
      if (kept !== undefined) {
        const isThere = situation.path === 'file'
        report({ type: 'replaced', origin: places.origin, ...kept, isThere, route: routeOf(stray) })
      }
    }
    const openers = await engine.findOpeners(stray.live)
    if (openers.length > 0) {
      report({ type: 'still-open', origin: places.origin, openers })
      return true
    }
    // Somebody wrote to it after it was copied, and has closed it since.
    if (watch.sawCommit()) return await settleStray(context, situation, stray)
    // The record goes first: without this folder, after a crash, it would say that the RAM was lost.
    if (situation.record?.live === stray.live) await forgetInStore(places)
    await removeGoneFolder(await renameLiveFolderAway(liveFolderOf(stray)))
    return true
  } catch (error) {
    // One stray that cannot be kept must not stop the work on the database that counts; it stays where it is.
    const message = `${stray.live}, which ${places.origin} led to before, cannot be kept: ${reasonOf(error)}`
    report({ type: 'failed', origin: places.origin, message, hint: 'copy it from there yourself', kept: stray.live })
    return false
  }
}

/** Detach was done but for the removal of live, and nobody has written to live since. */
async function isWhatDetachPutThere({ record, inode }: Situation, stray: Attachment): Promise<boolean> {
  if (record?.detaching === undefined || (inode ?? 'none') !== record.detaching.inode) return false
  return stampOf(stray.live) === record.detaching.stamp
}

async function keepUnlessOnDisk(context: Context, stray: Attachment): Promise<KeptSnapshot | undefined> {
  const { engine, places } = context
  await ensureStore(places)
  const copy = join(places.unfinished, 'stray.sqlite3')
  await removeFile(copy)
  using pinned = await engine.pin(stray.live)
  if (pinned.pageCount === 0) return undefined
  await requireSpace(places.store, pinned.bytes, 'keeping it as a snapshot')
  await pinned.copyTo(copy, 0o600)
  if (stray.journal === 'wal') {
    await engine.setJournalMode(copy, journalModeOnDisk(stray))
  }
  const equals = async (path: string): Promise<boolean> =>
    lookAt(path)?.isFile() === true && (await engine.haveSameContent(copy, path))
  for (const path of [places.origin, ...(await snapshotsLike(context, '@replaced'))]) {
    if (!(await equals(path))) continue
    await rm(copy)
    return undefined
  }
  // The original is that content, and must not make room for the next attach's.
  if (await equals(places.attachSnapshot)) return await keepAsSnapshot(context, places.attachSnapshot)
  await syncFile(copy)
  await requireFaithful(context, copy, pinned)
  return await keepAsSnapshot(context, copy)
}

async function snapshotsLike({ places }: Context, name: string): Promise<string[]> {
  const names = await readdir(places.snapshots)
  return names.filter((file) => basename(file).startsWith(name)).map((file) => join(places.snapshots, file))
}
