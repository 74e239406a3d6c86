import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import { bytesBelow } from './bytes-below.ts'
import { createLeasedFolder, sweepLeasedFolders } from './leased-folder.ts'
import { isTrusted, removeIfEmpty, requireOwn, userFolder } from './own-folders.ts'

/** Where the builds of a user lie, beside the projects. No project's folder has this name: theirs end with a hash. */
export const BUILDS = 'builds'

const PREFIX = 'build-'

const BUILD_PATH = /\/devshm-\d+\/builds\/build-[^/]+\/[^/]+$/

/** Whether a link's target can only be a private database that devshm builds, there or not. */
export function looksLikeBuild(target: string): boolean {
  return BUILD_PATH.test(target)
}

/** Whether a folder is a build's: of the right shape, and every level of it a real folder of this user. */
export function isOwnBuildFolder(folder: string): boolean {
  const builds = dirname(folder)
  const user = dirname(builds)
  if (!basename(folder).startsWith(PREFIX) || basename(builds) !== BUILDS) return false
  if (basename(user) !== basename(userFolder(''))) return false
  return [user, builds, folder].every(isTrusted)
}

/**
 * Make a new, empty folder for one build: `<volume>/devshm-<uid>/builds/build-XXXXXX`. Every part is created 0700 and
 * never through a link. It is this process's until {@link removeBuildFolder}, or until this process ends.
 *
 * @param volume a folder that exists; without RAM, one on disk
 * @throws {DevshmError} `UNSAFE_FOLDER`: somebody else put something at its path first
 */
export async function createBuildFolder(volume: { readonly path: string }): Promise<string> {
  const user = userFolder(volume.path)
  const builds = join(user, BUILDS)
  return createLeasedFolder(builds, PREFIX, { parents: [user, builds] })
}

/**
 * Remove a build folder with all that is in it, and the folders above it that are empty then. Fine if it is gone.
 *
 * @throws {DevshmError} `UNSAFE_FOLDER`: it is no build folder of this user; nothing was removed
 */
export async function removeBuildFolder(folder: string): Promise<void> {
  if (lookAt(folder) !== undefined) requireOwn(folder, 'a build folder', isOwnBuildFolder)
  await rm(folder, { recursive: true, force: true })
  await removeIfEmpty(dirname(folder), dirname(dirname(folder)))
}

/**
 * Remove the build folders in a volume whose makers have ended. One in which any process still has a file open stays,
 * for the next time.
 */
export async function sweepBuildFolders(volume: { readonly path: string }): Promise<void> {
  const user = userFolder(volume.path)
  const builds = join(user, BUILDS)
  if (!isTrusted(user)) return
  if (isTrusted(builds)) {
    await sweepLeasedFolders(builds, PREFIX)
    await removeIfEmpty(builds)
  }
  await removeIfEmpty(user)
}

/** Bytes that all builds of this user take in a volume. */
export function bytesOfBuilds({ path }: { readonly path: string }): number {
  const user = userFolder(path)
  const builds = join(user, BUILDS)
  return [user, builds].every(isTrusted) ? bytesBelow(builds) : 0
}
