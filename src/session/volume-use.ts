import { dirname } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { bytesOfBuilds } from '../volume/build-folder.ts'
import { bytesBelow } from '../volume/bytes-below.ts'
import { bytesOfClones } from '../volume/clone-folder.ts'
import { listAllLiveFolders, livePathIn } from '../volume/live-folder.ts'
import { readFromLiveFolder, routeOf, type Attachment } from './attachment.ts'
import { isOfFolder } from './find-hooked.ts'
import { linkWhenNotLent } from './lending.ts'
import { placesOf } from './places.ts'

/** What this user's databases take of a volume. Part of the `--json` contract: fields are only ever added. */
export interface VolumeUse {
  /** The largest first. */
  readonly projects: readonly ProjectUse[]
  /** Of templates that are being built. */
  readonly buildBytes: number
  /** Of clones for tests. */
  readonly cloneBytes: number
}

export interface ProjectUse {
  /** The folder of the databases; `undefined`: what they belong to is not on record any more. */
  readonly project: string | undefined
  readonly bytes: number
  readonly databases: readonly DatabaseUse[]
}

export interface DatabaseUse {
  readonly origin: string | undefined
  readonly live: string
  readonly bytes: number
  /** `left-behind`: its path does not lead to it any more. */
  readonly state: 'in-ram' | 'left-behind'
}

/** What takes how much of a volume. Changes nothing. */
export async function useOf(volumePath: string): Promise<VolumeUse> {
  const folders = await listAllLiveFolders(volumePath)
  const databases = await Promise.all(folders.map(useOfFolder))
  const byProject = Map.groupBy(databases, ({ origin }) => (origin === undefined ? undefined : dirname(origin)))
  const projects = [...byProject].map(([project, its]) => {
    return { project, bytes: its.reduce((sum, { bytes }) => sum + bytes, 0), databases: its }
  })
  return {
    projects: projects.toSorted((a, b) => b.bytes - a.bytes),
    buildBytes: bytesOfBuilds({ path: volumePath }),
    cloneBytes: bytesOfClones({ path: volumePath }),
  }
}

/** What takes most of a volume, for people: a project, or what no project of this user has put there. */
export function largestIn({ projects, buildBytes, cloneBytes }: VolumeUse, usedBytes: number): Taker {
  const own: Taker[] = [
    ...projects.map(({ project, bytes }) => ({ what: project ?? 'databases of unknown projects', bytes })),
    { what: 'templates that are being built', bytes: buildBytes },
    { what: 'clones for tests', bytes: cloneBytes },
  ]
  const rest = usedBytes - own.reduce((sum, { bytes }) => sum + bytes, 0)
  const all = [...own, { what: 'files that are not of your devshm', bytes: Math.max(0, rest) }]
  return all.reduce((largest, taker) => (taker.bytes > largest.bytes ? taker : largest))
}

export interface Taker {
  /** A project's folder, or some words. */
  readonly what: string
  readonly bytes: number
}

async function useOfFolder(folder: string): Promise<DatabaseUse> {
  const bytes = bytesBelow(folder)
  const attachment = await readRecord(folder)
  if (attachment === undefined) return { origin: undefined, live: livePathIn(folder), bytes, state: 'left-behind' }
  const { origin, live } = attachment
  return { origin, live, bytes, state: (await isLedTo(attachment)) ? 'in-ram' : 'left-behind' }
}

async function readRecord(folder: string): Promise<Attachment | undefined> {
  try {
    return await readFromLiveFolder(folder)
  } catch (error) {
    // Of another version of devshm, or damaged: that it takes room can be said all the same.
    if (error instanceof DevshmError) return undefined
    throw error
  }
}

/** Whether the path of a live database leads to it, be it lent to a build at this moment, or apps are led there instead. */
export async function isLedTo(attachment: Attachment): Promise<boolean> {
  const { origin, live } = attachment
  const places = placesOf(origin)
  try {
    if (routeOf(attachment) === 'hook') return attachment.isReplaced !== true && isOfFolder(attachment, places)
    return (await linkWhenNotLent(places)) === live
  } catch (error) {
    // A project that this user may not look into any more: what is not known to be left behind is in use.
    if (systemCodeOf(error) === 'EACCES') return true
    throw error
  }
}
