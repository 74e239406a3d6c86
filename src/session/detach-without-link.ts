import { lstat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { inodeOf } from '../fs/look.ts'
import type { Opener } from '../process/open-files.ts'
import { removeGoneFolder, renameLiveFolderAway, renameLiveFolderBack } from '../volume/live-folder.ts'
import { forgetInStore, liveFolderOf, recordInStore, type Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { forgetLastSave } from './last-save.ts'
import { openersAfterAMoment } from './late-openers.ts'
import { putInFilesPlace } from './put-in-files-place.ts'
import { settledStampOf } from './stamp.ts'

interface Saved {
  /** The copy on disk that equals live; `undefined`: there never was anything. */
  readonly copy: string | undefined
  /** Whether it has to take the place of the file, or the file holds that already. */
  readonly changed: boolean
}

/**
 * The end of a detach without a link: live goes away, and its last save takes the file's place. Nobody but the caller,
 * who holds its write lock, may have live open.
 *
 * @returns whether it came to that, else the processes that have one of the two open: then all is as before. None: the
 *   file is not what it was when it was attached
 */
export async function detachWithoutLink(
  context: Context,
  attachment: Attachment,
  { copy, changed }: Saved,
  ignore: ReadonlySet<number>,
): Promise<{ readonly detached: boolean; readonly openers: readonly Opener[] }> {
  const { places } = context
  const { live } = attachment
  const openers = changed ? await openersAfterAMoment(context, places.origin, { includeSelf: true }) : []
  if (openers.length > 0) return { detached: false, openers }

  // Only what takes the file's place has to be known by a later command: without that, live is carried on with.
  if (changed && copy !== undefined) {
    const inode = inodeOf(await lstat(copy, { bigint: true }))
    await recordInStore(places, { ...attachment, detaching: { inode, stamp: settledStampOf(live) } })
  }
  await reach(context, 'detach:recorded')
  const gone = await renameLiveFolderAway(liveFolderOf(attachment))
  let late: readonly Opener[] = []
  let isDone = false
  try {
    await reach(context, 'detach:gone')
    late = await openersAfterAMoment(context, join(gone, basename(live)), { ignore })
    isDone = late.length === 0 && (!changed || copy === undefined || (await putInFilesPlace(context, attachment, copy)))
  } finally {
    if (!isDone) {
      await reach(context, 'detach:undoing')
      await renameLiveFolderBack(gone)
      await recordInStore(places, attachment)
    }
  }
  if (!isDone) return { detached: false, openers: late }
  await reach(context, 'detach:swapped')
  await forgetLastSave(places)
  await forgetInStore(places)
  await removeGoneFolder(gone)
  return { detached: true, openers: [] }
}
