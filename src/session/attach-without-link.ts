import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import { removeFile } from '../fs/remove.ts'
import { requireSpace } from '../fs/space.ts'
import { syncDirectory } from '../fs/sync.ts'
import { removeGoneFolder, renameLiveFolderAway } from '../volume/live-folder.ts'
import type { Volume } from '../volume/volume.ts'
import { stampOfOrigin } from './as-attached.ts'
import { forgetInStore, liveFolderOf, recordInStore, recordInVolume, type Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { fillLive } from './fill-live.ts'
import { keepAsSnapshot } from './keep-as-snapshot.ts'
import { forgetLastSave, noteAttachAsSave } from './last-save.ts'
import type { Origin } from './origin.ts'
import { giveOwnerOf } from './ownership.ts'
import { checkAndSync } from './write-out.ts'
import { writeReadme } from './store.ts'

/**
 * Put the origin's content into a volume, and leave the file where it is. As anybody may write to that file meanwhile, the
 * snapshot `@attach` is a copy of it and not its second name: by that it is told later whether somebody did. Under the
 * database's lock and SQLite's.
 *
 * @throws {DevshmError} and then nothing is in RAM
 */
export async function attachWithoutLink(
  context: Context,
  volume: Volume,
  origin: Origin,
  journal: 'keep' | 'wal',
): Promise<Attachment> {
  const { places } = context
  const stamp = stampOfOrigin(places)
  const attachment: Attachment = { ...(await fillLive(context, volume, origin, journal)), route: 'hook', stamp }
  try {
    await reach(context, 'attach:copied')
    await keepCopy(context, origin)
    await reach(context, 'attach:kept')
    // Live belongs to the origin from here on: no app knows of it yet, but it is complete.
    await recordInVolume(attachment)
    await recordInStore(places, attachment)
    await writeReadme(places)
    noteAttachAsSave(places, attachment, origin.kind === 'file' ? Number(origin.stats.size) : 0)
    await reach(context, 'attach:recorded')
    return attachment
  } catch (error) {
    await forgetLastSave(places)
    await forgetInStore(places)
    await removeGoneFolder(await renameLiveFolderAway(liveFolderOf(attachment)))
    throw error
  }
}

async function keepCopy(context: Context, origin: Origin): Promise<void> {
  const { engine, places } = context
  if (origin.kind === 'absent') {
    // Of a database that was here earlier; as the newest copy of this one it would be wrong.
    if (lookAt(places.attachSnapshot) !== undefined) await keepAsSnapshot(context, places.attachSnapshot)
    return
  }
  const copy = join(places.unfinished, 'attach.sqlite3')
  await removeFile(copy)
  using pinned = await engine.pin(places.origin)
  // Twice: the check may need a second copy.
  await requireSpace(places.store, 2 * pinned.bytes, `a copy of ${places.origin}`)
  await pinned.copyTo(copy, Number(origin.stats.mode) & 0o7777)
  await giveOwnerOf(places.origin, copy)
  await checkAndSync(context, copy, pinned)
  await rename(copy, places.attachSnapshot)
  await syncDirectory(places.snapshots)
}
