import { rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PinnedDatabase } from '../engine/engine.ts'
import { freeBytes, requireSpace } from '../fs/space.ts'
import { syncDirectory } from '../fs/sync.ts'
import { removeFile } from '../fs/remove.ts'
import { journalModeOnDisk, liveFolderOf, type Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { newestCopy, writeLastSave, type LastSave } from './last-save.ts'
import { giveOwnerOf } from './ownership.ts'
import { isSettled, stampOf } from './stamp.ts'
import { checkAndSync, writeOut } from './write-out.ts'

export interface SaveOutcome {
  /** False when the newest copy on disk held that very content already; then nothing was written. */
  readonly wrote: boolean
  /** The copy on disk that equals live; `undefined` when there never was any content. */
  readonly copy: string | undefined
  readonly facts: LastSave
}

/** One save on its way, and the files that it makes. */
interface Job {
  readonly context: Context
  readonly attachment: Attachment
  /** The copy in RAM, where there is room for one. */
  readonly stage: string
  /** The copy on disk, before it is renamed into place. */
  readonly written: string
}

/**
 * Write live to disk as of one moment: consistent, checked, synced, renamed into place. Under the database's lock.
 *
 * The app's writers wait only while the state is copied at memory speed; a slow disk is written to afterwards, from a
 * copy in RAM, where there is room for one. The last save is complete at every instant. What is equal to it already is
 * not written again.
 *
 * @throws {DevshmError} `BUSY`, `NO_SPACE`, `COPY_DAMAGED`; the last save is then as before, and live untouched
 */
export async function save(
  context: Context,
  attachment: Attachment,
  options: { isOriginalFenced?: boolean } = {},
): Promise<SaveOutcome> {
  const { places, engine } = context
  const started = performance.now()
  const stage = join(liveFolderOf(attachment), 'stage.sqlite3')
  const job: Job = { context, attachment, stage, written: join(places.unfinished, 'save.sqlite3') }
  const baseline = newestCopy(places)
  await removeFiles(job)
  try {
    const savedAt = new Date()
    const stamp = stampOf(attachment.live)
    using pinned = await engine.pin(attachment.live)
    await reach(context, 'save:pinned')
    const copy = await copyPinned(job, pinned)
    // Opening a file and closing it again would drop the lock that this process holds on it (POSIX).
    const mustNotLook = options.isOriginalFenced === true && baseline === places.attachSnapshot
    const wrote = mustNotLook || !(await isOnDisk(job, copy, pinned, baseline))
    if (wrote) await putInPlace(job, copy, pinned)
    const settled = isSettled(stamp, savedAt.getTime())
    const ms = performance.now() - started
    const facts: LastSave = { savedAt: savedAt.toISOString(), bytes: pinned.bytes, stamp, settled, ms }
    writeLastSave(places, facts)
    return { wrote, copy: wrote ? places.lastSave : baseline, facts }
  } finally {
    await removeFiles(job)
  }
}

/** Copy the pinned state to RAM, and let go of it, or to disk if RAM has no room for it and the app's own journal. */
async function copyPinned({ context, attachment, stage, written }: Job, pinned: PinnedDatabase): Promise<string> {
  const { places } = context
  const mode = (await stat(attachment.live)).mode & 0o7777
  if ((await freeBytes(liveFolderOf(attachment))) > 2 * pinned.bytes) {
    await pinned.copyTo(stage, mode)
    pinned[Symbol.dispose]()
    await reach(context, 'save:staged')
    return stage
  }
  // Twice, for a second copy to compare with where SQLite alone cannot tell that the first is right.
  await requireSpace(places.store, 2 * pinned.bytes, `saving ${places.origin}`)
  await pinned.copyTo(written, mode)
  return written
}

async function isOnDisk(
  { context, attachment }: Job,
  copy: string,
  pinned: PinnedDatabase,
  baseline: string | undefined,
): Promise<boolean> {
  if (baseline === undefined) return pinned.pageCount === 0
  return await context.engine.haveSameContent(copy, baseline, { ignoreJournalMode: attachment.journal === 'wal' })
}

async function putInPlace(
  { context, attachment, stage, written }: Job,
  copy: string,
  pinned: PinnedDatabase,
): Promise<void> {
  const { places, engine } = context
  // Of the copy in RAM where there is one: SQLite syncs in this thread, and a slow disk would hold up signals.
  if (attachment.journal === 'wal') await engine.setJournalMode(copy, journalModeOnDisk(attachment))
  if (copy === stage) {
    await requireSpace(places.store, pinned.bytes, `saving ${places.origin}`)
    await giveOwnerOf(attachment.live, stage)
    await writeOut(context, stage, written, pinned)
  } else {
    await giveOwnerOf(attachment.live, written)
    await checkAndSync(context, written, pinned)
    pinned[Symbol.dispose]()
  }
  await reach(context, 'save:written')
  await rename(written, places.lastSave)
  await syncDirectory(places.store)
  await reach(context, 'save:renamed')
}

async function removeFiles({ stage, written }: Job): Promise<void> {
  await removeFile(stage)
  await removeFile(written)
}
