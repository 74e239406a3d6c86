import { dirname } from 'node:path'
import { inodeOf, lookAt, type Inode } from '../fs/look.ts'
import { isOwnLiveFolder } from '../volume/live-folder.ts'
import { liveFolderOf, readFromLiveFolder, type Attachment } from './attachment.ts'
import type { Places } from './places.ts'

/** What is known of a database that was attached without a link. */
export interface Hooked {
  /** Live; `undefined`: its RAM is gone. */
  readonly current: Attachment | undefined
}

/**
 * Find out whether a database is attached without a link: nothing at its path shows that. Either RAM says so, or
 * `.devshm/`, if it speaks of this very folder (a copied project carries the record of another one). What a detach has
 * already put in the file's place, or the user, is not attached any more.
 *
 * @param inRam live databases that were made for this path, when this folder was there
 * @param inode of what is at the path
 */
export async function findHooked(
  places: Places,
  record: Attachment | undefined,
  inRam: readonly Attachment[],
  inode: Inode | undefined,
): Promise<Hooked | undefined> {
  const own = record?.route === 'hook' && isOfFolder(record, places) ? record : undefined
  const isDone = own?.detaching !== undefined && own.detaching.inode === (inode ?? 'none')
  const candidates = [...inRam]
  // After the project was moved, its live folder is still named after the old path.
  if (own !== undefined && own.origin !== places.origin && isOwnLiveFolder(liveFolderOf(own))) {
    const moved = await readFromLiveFolder(liveFolderOf(own))
    if (moved !== undefined) candidates.push(moved)
  }
  const hooked = candidates.filter(({ route, isReplaced }) => route === 'hook' && isReplaced !== true)
  const current = own === undefined ? newest(hooked) : hooked.find((each) => isSameAttachment(each, own))
  if (isDone || (current === undefined && own === undefined)) return undefined
  return { current }
}

/** A live folder keeps its record, but may have been renamed away in the middle of a detach. */
function isSameAttachment(a: Attachment, b: Attachment): boolean {
  return a.attachedAt === b.attachedAt && dirname(liveFolderOf(a)) === dirname(liveFolderOf(b))
}

function newest(attachments: readonly Attachment[]): Attachment | undefined {
  return attachments.toSorted((a, b) => Date.parse(b.attachedAt) - Date.parse(a.attachedAt))[0]
}

/** By inode: a project that was moved away is still itself. */
export function isOfFolder({ folder }: Attachment, { origin }: Places): boolean {
  const stats = lookAt(dirname(origin))
  return folder === undefined || (stats !== undefined && inodeOf(stats) === folder)
}
