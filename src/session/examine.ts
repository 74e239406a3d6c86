import { inodeOf, linkTarget, lookAt, type Inode } from '../fs/look.ts'
import { volumePaths, type VolumeWish } from '../volume/find-volume.ts'
import { listLiveFolders, looksLikeLive } from '../volume/live-folder.ts'
import { liveFolderOf, readFromLiveFolder, readFromStore, type Attachment } from './attachment.ts'
import type { Places } from './places.ts'
import { dirname } from 'node:path'

/** What is found of one database: at its path, in `.devshm/` and in RAM. Looking changes nothing. */
export interface Situation {
  /** What the path is: our link, a file (or anything else that the user put there), or nothing. */
  readonly path: 'link' | 'file' | 'absent'
  /** Of what is at the path itself. */
  readonly inode: Inode | undefined
  /** Where our link leads. */
  readonly target: string | undefined
  /** What the link leads to, if that is there. */
  readonly current: Attachment | undefined
  /** What `.devshm/` says. */
  readonly record: Attachment | undefined
  /** Live databases in RAM that were made for this path and that it does not lead to. */
  readonly strays: readonly Attachment[]
  /** Folders in RAM that no attach finished and no path ever led to, or that detach had begun to remove. */
  readonly debris: readonly string[]
}

export async function examine(places: Places, wish: VolumeWish): Promise<Situation> {
  const stats = lookAt(places.origin)
  const link = linkTarget(places.origin)
  const record = await readFromStore(places)
  const target = link !== undefined && looksLikeLive(link) ? link : undefined
  const current = target === undefined ? undefined : await readFromLiveFolder(dirname(target))
  return {
    path: stats === undefined ? 'absent' : target === undefined ? 'file' : 'link',
    inode: stats && inodeOf(stats),
    target,
    current,
    record,
    ...(await findStrays(places, wish, record, current)),
  }
}

async function findStrays(
  places: Places,
  wish: VolumeWish,
  record: Attachment | undefined,
  current: Attachment | undefined,
): Promise<Pick<Situation, 'strays' | 'debris'>> {
  // Where a live folder can be: whether a new one could be made there now does not matter.
  const volumes = new Set(volumePaths(wish))
  if (record !== undefined) volumes.add(record.volume)
  const listed = (await Promise.all([...volumes].map((volume) => listLiveFolders(volume, places.origin)))).flat()
  const folders = new Set(listed)
  // After the project was moved, its live folder is still named after the old path.
  if (record?.origin === places.origin && lookAt(record.live) !== undefined) folders.add(liveFolderOf(record))
  const strays: Attachment[] = []
  const debris: string[] = []
  for (const folder of folders) {
    const attachment = await readFromLiveFolder(folder)
    if (attachment === undefined) debris.push(folder)
    else if (!isSameFile(attachment, current) && attachment.origin === places.origin) strays.push(attachment)
  }
  return { strays, debris }
}

/** By inode, whatever the paths say: what the origin leads to must never be taken for a stray. */
function isSameFile(a: Attachment, b: Attachment | undefined): boolean {
  const [one, other] = [lookAt(a.live), b && lookAt(b.live)]
  return one !== undefined && other !== undefined && inodeOf(one) === inodeOf(other)
}
