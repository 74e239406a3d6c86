import { link } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import { removeFile } from '../fs/remove.ts'
import { renameLiveFolderBack } from '../volume/live-folder.ts'
import { journalModeOnDisk, recordInStore, type Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { untilClosed } from './late-openers.ts'
import { linkAgain } from './swap.ts'

/**
 * Undo a detach that is almost done, because somebody opened live between the first look and its removal. They cannot
 * have written, for it is locked; so the origin becomes a link to it again.
 *
 * @returns false if the file at the origin was written to, or is in use, by now; then live must stay locked until they
 *   have closed it
 */
export async function goBack(context: Context, attachment: Attachment, gone: string): Promise<boolean> {
  const { engine, places } = context
  await reach(context, 'detach:undoing')
  if (lookAt(places.origin) === undefined) {
    await renameLiveFolderBack(gone)
    await linkAgain(context, attachment)
    return true
  }
  using watch = engine.watchCommits(places.origin)
  // What was committed before the watch began shows in the content.
  if (!(await equalsLive(context, attachment, gone))) return false
  using lock = await engine.lockWriters(places.origin)
  if (watch.sawCommit() || (await engine.findOpeners(places.origin)).length > 0) return false
  // The file must stay on disk under another name while the link takes its place.
  await removeFile(places.lastSave)
  await link(places.origin, places.lastSave)
  await syncDirectory(places.store)
  await renameLiveFolderBack(gone)
  await linkAgain(context, attachment)
  await recordInStore(places, attachment)
  // Whoever opened the file since the last look must not write to it: its name is gone.
  await untilClosed(context, places.lastSave)
  lock[Symbol.dispose]()
  return true
}

async function equalsLive({ engine, places }: Context, attachment: Attachment, gone: string): Promise<boolean> {
  const copy = join(places.unfinished, 'go-back.sqlite3')
  await removeFile(copy)
  using pinned = await engine.pin(join(gone, basename(attachment.live)))
  await pinned.copyTo(copy, 0o600)
  if (attachment.journal === 'wal') await engine.setJournalMode(copy, journalModeOnDisk(attachment))
  const isEqual = await engine.haveSameContent(copy, places.origin)
  await removeFile(copy)
  return isEqual
}
