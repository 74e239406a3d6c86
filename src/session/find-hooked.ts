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
 * Find out whether a database is attached without a link: nothing at its path shows that. Either `.devshm/` says so, of
 * this very path or folder (a copied project carries the record of another one), or RAM does. What a detach has already
 * put in the file's place, or the user, is not attached any more.
 *
 * @param inRam live databases that were made for this path, `elsewhere` when another folder seems to have been there:
 *   where `.devshm/` names one, that is not so, and the file system just gives out new inodes
 * @param inode of what is at the path
 */
export async function findHooked(
  places: Places,
  record: Attachment | undefined,
  inRam: { readonly strays: readonly Attachment[]; readonly elsewhere: readonly Attachment[] },
  inode: Inode | undefined,
): Promise<Hooked | undefined> {
  const own = record?.route === 'hook' && isOfPlaces(record, places) ? record : undefined
  if (own === undefined) {
    const current = newest(inRam.strays.filter(isHooked))
    return current && { current }
  }
  if (own.detaching !== undefined && own.detaching.inode === (inode ?? 'none')) return undefined
  // After the project was moved, its live folder is still named after the old path.
  const folder = liveFolderOf(own)
  const named = isOwnLiveFolder(folder) ? await readFromLiveFolder(folder) : undefined
  const found = [...inRam.strays, ...inRam.elsewhere, ...(named === undefined ? [] : [named])]
  return { current: found.filter(isHooked).find((each) => isSameAttachment(each, own)) }
}

function isOfPlaces(record: Attachment, places: Places): boolean {
  return record.origin === places.origin || isOfFolder(record, places)
}

function isHooked({ route, isReplaced }: Attachment): boolean {
  return route === 'hook' && isReplaced !== true
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
