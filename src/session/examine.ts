import { DevshmError, systemCodeOf } from '../errors.ts'
import { inodeOf, linkTarget, lookAt, type Inode } from '../fs/look.ts'
import { volumePaths, type VolumeWish } from '../volume/find-volume.ts'
import { isOwnLiveFolder, listLiveFolders, looksLikeLive } from '../volume/live-folder.ts'
import { liveFolderOf, readFromLiveFolder, readFromStore, type Attachment, type Route } from './attachment.ts'
import { findHooked, isOfFolder } from './find-hooked.ts'
import { findLending, type Lending } from './lending.ts'
import type { Places } from './places.ts'
import { requireReadableHome } from './store.ts'
import { dirname } from 'node:path'
import type { BigIntStats } from 'node:fs'

/** What is found of one database: at its path, in `.devshm/` and in RAM. Looking changes nothing. */
export interface Situation {
  /** What the path is: our link, a file (or anything else that the user put there), or nothing. */
  readonly path: 'link' | 'file' | 'absent'
  /** Of what is at the path itself. */
  readonly inode: Inode | undefined
  /** How apps are led to RAM. Also set where that RAM is gone, and nobody has put it right yet. */
  readonly route: Route | undefined
  /** Where our link leads. */
  readonly target: string | undefined
  /** What the route leads to, if that is there. */
  readonly current: Attachment | undefined
  /** What `.devshm/` says. */
  readonly record: Attachment | undefined
  /** Set while the path is lent to a build, or since one was killed; the rest of this says what is there otherwise. */
  readonly lending: Lending | undefined
  /** Live databases in RAM that were made for this path and that it does not lead to. */
  readonly strays: readonly Attachment[]
  /** Live databases that were made for this path when another folder was there: a project that moved, or is gone. */
  readonly elsewhere: readonly Attachment[]
  /** Folders in RAM that no attach finished and no path ever led to, or that detach had begun to remove. */
  readonly debris: readonly string[]
}

export async function examine(places: Places, wish: VolumeWish): Promise<Situation> {
  requireReadableHome(places)
  // What is lent is looked at as it was before, and will be again.
  const lending = await findLending(places)
  const stats = lending === undefined ? lookAt(places.origin) : statsBehind(places, lending)
  const link = lending === undefined ? linkTarget(places.origin) : linkBehind(lending)
  const record = await readFromStore(places)
  const target = link !== undefined && looksLikeLive(link) ? link : undefined
  const linked = target === undefined ? undefined : await findCurrent(places, target, record)
  const found = await findStrays(places, wish, record, linked, target)
  const inode = stats && inodeOf(stats)
  const hooked = target === undefined ? await findHooked(places, record, found, inode) : undefined
  return {
    path: stats === undefined ? 'absent' : target === undefined ? 'file' : 'link',
    inode,
    route: target !== undefined ? 'link' : hooked && 'hook',
    target,
    current: linked ?? hooked?.current,
    record,
    lending,
    ...found,
    strays: found.strays.filter((each) => each !== hooked?.current),
    elsewhere: found.elsewhere.filter((each) => each !== hooked?.current),
  }
}

/** Of a link that is not there at this moment nothing but that it is one matters: the lent one stands for it. */
function statsBehind(places: Places, { was }: Lending): BigIntStats | undefined {
  if (was.kind === 'file') return lookAt(places.original)
  return was.kind === 'link' ? lookAt(places.origin) : undefined
}

function linkBehind({ was }: Lending): string | undefined {
  return was.kind === 'link' ? was.target : undefined
}

/**
 * What our link leads to. After a restart anybody could put a folder of their own where RAM was, so it is looked at who
 * owns it before anything in it is believed.
 *
 * @throws {DevshmError} `UNSAFE_FOLDER`: it is not this user's
 */
async function findCurrent(
  places: Places,
  target: string,
  record: Attachment | undefined,
): Promise<Attachment | undefined> {
  const folder = dirname(target)
  if (!isOwnLiveFolder(folder)) {
    if (isMissing(folder)) return undefined
    throw new DevshmError('UNSAFE_FOLDER', `${places.origin} leads to ${target}, which is not a folder of this user`, {
      hint: 'run devshm as the user who attached it; if that was you, somebody else has put a folder in its place',
      details: { path: places.origin, target },
    })
  }
  const found = await readFromLiveFolder(folder)
  if (found !== undefined || lookAt(target) === undefined) return found
  // Live is there, but nothing beside it says so: what `.devshm/` says of it will do.
  if (record?.live === target) return record
  throw new DevshmError('IO', `${target} is there, but nothing says what it belongs to`, {
    hint: `copy it to a safe place with \`sqlite3 ${target} ".backup COPY"\`, then remove the link`,
    details: { path: places.origin, target },
  })
}

/** A folder inside one that is closed to this user is somebody else's, there or not. */
function isMissing(folder: string): boolean {
  try {
    return lookAt(folder) === undefined
  } catch (error) {
    if (systemCodeOf(error) === 'EACCES') return false
    throw error
  }
}

async function findStrays(
  places: Places,
  wish: VolumeWish,
  record: Attachment | undefined,
  current: Attachment | undefined,
  target: string | undefined,
): Promise<Pick<Situation, 'strays' | 'debris' | 'elsewhere'>> {
  // Where a live folder can be: whether a new one could be made there now does not matter.
  const volumes = new Set(volumePaths(wish))
  if (record !== undefined) volumes.add(record.volume)
  const listed = (await Promise.all([...volumes].map((volume) => listLiveFolders(volume, places.origin)))).flat()
  const folders = new Set(listed)
  // After the project was moved, its live folder is still named after the old path.
  const recorded = record?.origin === places.origin ? liveFolderOf(record) : undefined
  if (recorded !== undefined && isOwnLiveFolder(recorded)) folders.add(recorded)
  const strays: Attachment[] = []
  const elsewhere: Attachment[] = []
  const debris: string[] = []
  for (const folder of folders) {
    const attachment = await readFromLiveFolder(folder)
    if (attachment === undefined) {
      if (target === undefined || folder !== dirname(target)) debris.push(folder)
    } else if (!isSameFile(attachment, current) && attachment.origin === places.origin) {
      if (isOfFolder(attachment, places)) strays.push(attachment)
      else elsewhere.push(attachment)
    }
  }
  return { strays, debris, elsewhere }
}

/** By inode, whatever the paths say: what the origin leads to must never be taken for a stray. */
function isSameFile(a: Attachment, b: Attachment | undefined): boolean {
  const [one, other] = [lookAt(a.live), b && lookAt(b.live)]
  return one !== undefined && other !== undefined && inodeOf(one) === inodeOf(other)
}
