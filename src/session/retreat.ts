import { join } from 'node:path'
import type { CommitWatch } from '../engine/engine.ts'
import { removeGoneFolder, renameLiveFolderAway } from '../volume/live-folder.ts'
import { lookAt } from '../fs/look.ts'
import { forgetInStore, liveFolderOf, type Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { forgetLastSave } from './last-save.ts'
import { untilClosed } from './late-openers.ts'
import { forgetOriginal, isLinkedTo, swapBack } from './swap.ts'

/**
 * Undo an attach that is not finished: the origin is what it was, live and the records are gone. Nothing happens if it
 * is undone already.
 *
 * @returns false if live is in use by now: then it stays, because what is written there must not be lost
 */
export async function retreat(context: Context, attachment: Attachment, watch: CommitWatch): Promise<boolean> {
  const { engine, places } = context
  const folder = liveFolderOf(attachment)
  if (lookAt(folder) === undefined) return true
  await reach(context, 'attach:undoing')
  const isUsed = async (): Promise<boolean> =>
    watch.sawCommit() || (await engine.findOpeners(attachment.live)).length > 0

  using held = new DisposableStack()
  if (isLinkedTo(places.origin, attachment)) {
    if (await isUsed()) return false
    held.use(await engine.lockWriters(attachment.live))
    if (await isUsed()) return false
    await swapBack(context, attachment)
  } else {
    await forgetOriginal(context, attachment)
  }
  const gone = await renameLiveFolderAway(folder)
  // Whoever opened live before it went away cannot write to it, and must not find it missing either.
  await untilClosed(context, join(gone, 'live.sqlite3'))
  await forgetLastSave(places)
  await forgetInStore(places)
  watch[Symbol.dispose]()
  held.dispose()
  await removeGoneFolder(gone)
  return true
}
