import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { ensurePrivateDirectory } from '../fs/private-directory.ts'
import { removeFile } from '../fs/remove.ts'
import { shortHash } from '../fs/short-hash.ts'
import { BUILDS } from './build-folder.ts'
import { CLONES } from './clone-folder.ts'
import { isTrusted, removeIfEmpty, requireOwn, trustedFoldersIn, userFolder } from './own-folders.ts'
import type { Volume } from './volume.ts'

/** The name of the database file in a live folder. */
const LIVE_NAME = 'live.sqlite3'

/** Folders that went away carry this in front of their name until they are empty. */
const GONE = '.gone-'

const LIVE_PATH = /\/devshm-\d+\/[^/]+\/[^/]+\/[^/]+\/live\.sqlite3$/

/** Whether a link's target can only be a live database of devshm's, there or not. */
export function looksLikeLive(target: string): boolean {
  return LIVE_PATH.test(target)
}

/**
 * Whether the folder of a live database is one that this user's devshm made: of the right shape, and every level of it a
 * real folder of this user. A path that comes from a link or a record says nothing by itself; anybody can plant one.
 */
export function isOwnLiveFolder(folder: string): boolean {
  const database = dirname(folder)
  const project = dirname(database)
  const user = dirname(project)
  if (basename(user) !== basename(userFolder(''))) return false
  return [user, project, database, folder].every(isTrusted)
}

export function livePathIn(folder: string): string {
  return join(folder, LIVE_NAME)
}

/**
 * Make a new, empty, private folder for one attachment:
 * `<volume>/devshm-<uid>/<project>/<database>/<attachment>/`. Every part is created 0700 and never through a link.
 */
export async function createLiveFolder(volume: Volume, origin: string): Promise<string> {
  const user = userFolder(volume.path)
  const project = join(user, projectFolderName(origin))
  const database = join(project, basename(origin))
  for (let tries = 1; ; tries += 1) {
    try {
      for (const part of [user, project, database]) ensurePrivateDirectory(part)
      // 0700, under a new random name, in a folder that only this user can write to.
      return mkdtempSync(join(database, 'live-'))
    } catch (error) {
      // A detach elsewhere removes the parts that are empty, perhaps between two of ours.
      if (systemCodeOf(error) !== 'ENOENT' || tries === 100) throw error
    }
    // By chance, so that two that are in step with each other get out of it.
    await sleep(Math.random() * 5)
  }
}

/** The live folders in a volume that were made for `origin`, whatever became of them. */
export async function listLiveFolders(volumePath: string, origin: string): Promise<string[]> {
  const user = userFolder(volumePath)
  const project = join(user, projectFolderName(origin))
  // From the top: whoever owns a folder above decides what is found below.
  if (!isTrusted(user) || !isTrusted(project)) return []
  return await trustedFoldersIn(join(project, basename(origin)))
}

/** Every live folder of this user in a volume. */
export async function listAllLiveFolders(volumePath: string): Promise<string[]> {
  const folders = await trustedFoldersIn(userFolder(volumePath))
  const projects = folders.filter((folder) => basename(folder) !== BUILDS && basename(folder) !== CLONES)
  const databases = (await Promise.all(projects.map(trustedFoldersIn))).flat()
  return (await Promise.all(databases.map(trustedFoldersIn))).flat()
}

/**
 * Take a live folder away in one rename: from then on, whoever still looks for the database under its old path gets an
 * error instead of a new, empty one. What is inside stays until {@link removeGoneFolder}.
 *
 * @returns where it is now
 */
export async function renameLiveFolderAway(folder: string): Promise<string> {
  if (isGone(folder)) return folder
  const gone = join(dirname(folder), `${GONE}${basename(folder)}`)
  renameSync(folder, gone)
  return gone
}

/** Whether a live folder was renamed away. */
export function isGone(folder: string): boolean {
  return basename(folder).startsWith(GONE)
}

/**
 * Put back a folder that was renamed away, if it was.
 *
 * @returns where it is now
 */
export async function renameLiveFolderBack(gone: string): Promise<string> {
  if (!isGone(gone)) return gone
  const back = join(dirname(gone), basename(gone).slice(GONE.length))
  renameSync(gone, back)
  return back
}

/** Remove a folder that went away, and the folders above it that are empty then. */
export async function removeGoneFolder(gone: string): Promise<void> {
  // A second barrier: whatever went wrong before, nothing else is ever removed as a whole.
  if (lookAt(gone) !== undefined) requireOwn(gone, 'a live folder', isOwnLiveFolder)
  // What is large; the rest takes microseconds.
  await removeFile(livePathIn(gone))
  rmSync(gone, { recursive: true, force: true })
  await removeIfEmpty(dirname(gone), dirname(dirname(gone)))
}

/** Remove the folders that lead to live folders of `origin`, where what was in them is gone, or was never made. */
export async function removeEmptyFolders(volumePath: string, origin: string): Promise<void> {
  const user = userFolder(volumePath)
  const project = join(user, projectFolderName(origin))
  if (!isTrusted(user) || !isTrusted(project)) return
  for (const folder of [join(project, basename(origin)), project]) await removeIfEmpty(folder)
}

/** Readable, and different for projects of the same name. */
function projectFolderName(origin: string): string {
  const project = dirname(origin)
  const readable =
    basename(project)
      .replaceAll(/[^A-Za-z0-9._-]/g, '_')
      .slice(0, 40) || 'root'
  return `${readable}-${shortHash(project)}`
}
