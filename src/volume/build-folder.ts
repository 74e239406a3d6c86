import { mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { inodeOf, lookAt } from '../fs/look.ts'
import { ensurePrivateDirectory } from '../fs/private-directory.ts'
import { isRunning, ownIdentity, type ProcessIdentity } from '../process/identity.ts'
import { findOpeners } from '../process/open-files.ts'
import { isTrusted, removeIfEmpty, trustedFoldersIn, userFolder } from './own-folders.ts'

/** Where the builds of a user lie, beside the projects. No project's folder has this name: theirs end with a hash. */
export const BUILDS = 'builds'

/** The maker of a build, in its folder. */
const LEASE = 'maker.json'

/** A folder that has no lease yet was begun a moment ago, or by a process that died in that moment. */
const BEGUN = 'begun-'

/** How long making a folder may take, in milliseconds; one that was begun earlier is nobody's. */
const BEGINNING_MS = 60_000

const BUILD_PATH = /\/devshm-\d+\/builds\/build-[^/]+\/[^/]+$/

/** Whether a link's target can only be a private database that devshm builds, there or not. */
export function looksLikeBuild(target: string): boolean {
  return BUILD_PATH.test(target)
}

/** Whether a folder is a build's: of the right shape, and every level of it a real folder of this user. */
export function isOwnBuildFolder(folder: string): boolean {
  const builds = dirname(folder)
  const user = dirname(builds)
  if (!basename(folder).startsWith('build-') || basename(builds) !== BUILDS) return false
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
  for (let tries = 1; ; tries += 1) {
    try {
      for (const part of [user, builds]) ensurePrivateDirectory(part)
      const begun = mkdtempSync(join(builds, BEGUN))
      writeFileSync(join(begun, LEASE), JSON.stringify(ownIdentity()), { mode: 0o600 })
      // Only now, so that no sweep ever sees it without its lease.
      const folder = join(builds, `build-${basename(begun).slice(BEGUN.length)}`)
      renameSync(begun, folder)
      return folder
    } catch (error) {
      // The end of another build removes the parts that are empty, perhaps between two of ours.
      const code = systemCodeOf(error)
      if ((code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST') || tries === 20) throw error
    }
  }
}

/** The process that works in a build folder, if it still runs. */
export function makerOf(folder: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, LEASE), 'utf8'))
    return isIdentity(value) && isRunning(value) ? value : undefined
  } catch (error) {
    const code = systemCodeOf(error)
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

export function isIdentity(value: unknown): value is ProcessIdentity {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map(Object.entries(value))
  return (
    typeof fields.get('pid') === 'number' &&
    typeof fields.get('startedAt') === 'string' &&
    typeof fields.get('bootId') === 'string'
  )
}

/**
 * Remove a build folder with all that is in it, and the folders above it that are empty then. Fine if it is gone.
 *
 * @throws {DevshmError} `UNSAFE_FOLDER`: it is no build folder of this user; nothing was removed
 */
export async function removeBuildFolder(folder: string): Promise<void> {
  if (lookAt(folder) !== undefined && !isOwnBuildFolder(folder)) {
    throw new DevshmError(
      'UNSAFE_FOLDER',
      `${folder} is not a build folder of this user, so devshm does not remove it`,
      {
        hint: 'look at what put it there',
        details: { path: folder },
      },
    )
  }
  await rm(folder, { recursive: true, force: true })
  await removeParentsIfEmpty(folder)
}

/**
 * Remove the build folders in a volume whose makers have ended. One in which any process still has a file open stays,
 * for the next time.
 */
export async function sweepBuildFolders(volume: { readonly path: string }): Promise<void> {
  const user = userFolder(volume.path)
  if (!isTrusted(user)) return
  for (const folder of await trustedFoldersIn(join(user, BUILDS))) {
    if (await isInUse(folder)) continue
    await rm(folder, { recursive: true, force: true })
    await removeParentsIfEmpty(folder)
  }
}

async function isInUse(folder: string): Promise<boolean> {
  const name = basename(folder)
  if (name.startsWith(BEGUN)) {
    const stats = lookAt(folder)
    return stats !== undefined && Date.now() - Number(stats.mtimeMs) < BEGINNING_MS
  }
  if (!name.startsWith('build-') || makerOf(folder) !== undefined) return true
  return (await findOpeners(new Set(filesIn(folder)), { includeSelf: true })).length > 0
}

function filesIn(folder: string): ReturnType<typeof inodeOf>[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
      const stats = lookAt(join(folder, name))
      return stats?.isFile() === true ? [inodeOf(stats)] : []
    })
  } catch (error) {
    // Another sweep was faster.
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

async function removeParentsIfEmpty(folder: string): Promise<void> {
  if (await removeIfEmpty(dirname(folder))) await removeIfEmpty(dirname(dirname(folder)))
}
