import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import type { ProcessIdentity } from '../process/identity.ts'
import { bytesBelow } from './bytes-below.ts'
import { createLeasedFolder, endLeases, hasOpenFiles, isLeased, sweepLeasedFolders } from './leased-folder.ts'
import { isTrusted, removeIfEmpty, requireOwn, trustedFoldersIn, userFolder } from './own-folders.ts'

/** Where the clones of a user lie, beside the projects. No project's folder has this name: theirs end with a hash. */
export const CLONES = 'clones'

const POOL = 'pool-'
const WORKER = 'worker-'

/** A place that pools lie in: a volume, or a folder on disk. */
interface Base {
  readonly path: string
}

/**
 * Make a folder for the clones of one pool: `<volume>/devshm-<uid>/clones/pool-XXXXXX`, private at every level. It stays
 * until {@link closePoolFolder}, or until the maker and all that work in it have ended: then a sweep takes it.
 *
 * @throws {DevshmError} `UNSAFE_FOLDER`: somebody else put something at its path first
 */
export function createPoolFolder({ path }: Base, maker?: ProcessIdentity): string {
  const user = userFolder(path)
  const clones = join(user, CLONES)
  return createLeasedFolder(clones, POOL, { parents: [user, clones], ...(maker !== undefined && { maker }) })
}

/**
 * Make a folder in a pool's for the clones of one process or thread, which need not be the one that made the pool. What
 * it leaves when it is killed goes at the next sweep, while the pool goes on.
 *
 * @throws `ENOENT`: the pool is closed
 */
export function createWorkerFolder(pool: string, maker: ProcessIdentity): string {
  return createLeasedFolder(pool, WORKER, { maker })
}

/** Whether a folder is a pool's: of the right shape, and every level of it a real folder of this user. */
function isOwnPoolFolder(folder: string): boolean {
  const clones = dirname(folder)
  const user = dirname(clones)
  if (!basename(folder).startsWith(POOL) || basename(clones) !== CLONES) return false
  if (basename(user) !== basename(userFolder(''))) return false
  return [user, clones, folder].every(isTrusted)
}

/** The pool's folder that a clone's file lies in, by its path; `undefined`: it is no clone of this user. */
export function poolFolderOf(path: string): string | undefined {
  // `pool/worker/clone/database`
  const pool = dirname(dirname(dirname(path)))
  return basename(dirname(dirname(path))).startsWith(WORKER) && isOwnPoolFolder(pool) ? pool : undefined
}

/**
 * Remove a pool's folder, with what others have left in it. The clones that anybody has open stay, and go with the first
 * sweep after they were closed.
 *
 * @throws {DevshmError} `UNSAFE_FOLDER`: it is none; nothing was removed
 */
export async function closePoolFolder(folder: string): Promise<void> {
  if (lookAt(folder) === undefined) return
  requireOwn(folder, 'a folder for clones', isOwnPoolFolder)
  if (await hasOpenFiles(folder)) {
    for (const worker of await trustedFoldersIn(folder)) await closeWorkerFolder(worker)
    endLeases(folder)
    return
  }
  await removePoolFolder(folder)
}

/**
 * The same for one that has no clones in it, so that nobody needs to be looked for.
 *
 * @throws {DevshmError} `UNSAFE_FOLDER`: it is none; nothing was removed
 */
export async function removePoolFolder(folder: string): Promise<void> {
  if (lookAt(folder) === undefined) return
  requireOwn(folder, 'a folder for clones', isOwnPoolFolder)
  await rm(folder, { recursive: true, force: true })
  await removeIfEmpty(dirname(folder), dirname(dirname(folder)))
}

/** The same for a worker's folder. */
export async function closeWorkerFolder(folder: string): Promise<void> {
  if (await hasOpenFiles(folder)) endLeases(folder)
  else await rm(folder, { recursive: true, force: true })
}

/**
 * Remove the clones whose processes have ended; those that anybody still has open stay, for the next time. Of a pool
 * whose maker has ended nothing is taken while one of its workers runs.
 */
export async function sweepCloneFolders({ path }: Base): Promise<void> {
  const user = userFolder(path)
  const clones = join(user, CLONES)
  if (!isTrusted(user)) return
  if (isTrusted(clones)) {
    await sweepLeasedFolders(clones, POOL, hasLivingWorker)
    for (const pool of await trustedFoldersIn(clones)) {
      if (basename(pool).startsWith(POOL)) await sweepLeasedFolders(pool, WORKER)
    }
    await removeIfEmpty(clones)
  }
  // Also where the last process was killed between removing the one and the other.
  await removeIfEmpty(user)
}

async function hasLivingWorker(pool: string): Promise<boolean> {
  return (await trustedFoldersIn(pool)).some((worker) => basename(worker).startsWith(WORKER) && isLeased(worker))
}

/** Bytes that all clones of this user take in a volume, with their journals. */
export function bytesOfClones({ path }: Base): number {
  const user = userFolder(path)
  const clones = join(user, CLONES)
  return [user, clones].every(isTrusted) ? bytesBelow(clones) : 0
}
