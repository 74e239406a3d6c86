import { readdirSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { inodeOf, lookAt } from '../fs/look.ts'
import { quoted } from '../fs/quoted.ts'
import { findOpeners } from '../process/open-files.ts'
import { sweepBuildFolders } from '../volume/build-folder.ts'
import { sweepCloneFolders } from '../volume/clone-folder.ts'
import { needsRoot, realMountPoint } from '../volume/make/create-volume.ts'
import { NEVER_INDEX } from '../volume/make/ram-disk.ts'
import type { MadeVolume, VolumeMaker } from '../volume/make/made-volume.ts'
import { removeIfEmpty } from '../volume/own-folders.ts'
import { readFromLiveFolder } from './attachment.ts'
import type { Report } from './events.ts'
import { listOpeners } from './list-openers.ts'
import { sweepStale } from './sweep-stale.ts'
import { isLedTo } from './volume-use.ts'

/** How many of the files that are in the way are named. */
const MOST_NAMES = 5

/**
 * Unmount a volume that devshm made, and give its memory back. What was left behind in it and is on disk goes with it;
 * anything else that is in it, whoever put it there, and any open file keeps it. Nothing can be put into it between the
 * last look and the end.
 *
 * @throws {DevshmError} `NO_VOLUME`: none of devshm's is there; `IN_USE`, naming what is in it; `NOT_PERMITTED` with the
 *   command for root. It is as before then
 */
export async function removeVolume(
  maker: VolumeMaker,
  path: string,
  report: Report,
): Promise<{ readonly path: string; readonly totalBytes: number }> {
  const made = await findMade(maker, realMountPoint(path))
  requireMayLook(made)
  if (!made.isReadOnly) await sweep(made, report)
  await requireEmpty(made)
  const command = maker.commandToRemove(made)
  if (command !== undefined) throw needsRoot(`unmounting ${made.path}`, command)
  const { blocks, bsize } = statfsSync(made.path)
  await maker.close(made)
  try {
    await requireEmpty(made)
    await maker.remove(made)
  } catch (error) {
    await reopenIfThere(maker, made)
    throw error
  }
  await removeFolder(made.path)
  return { path: made.path, totalBytes: blocks * bsize }
}

async function findMade(maker: VolumeMaker, path: string): Promise<MadeVolume> {
  // The path itself may have become a link to it.
  const real = lookAt(path) === undefined ? path : realpathSync.native(path)
  const volumes = await maker.list()
  const made = volumes.find((one) => one.path === real)
  if (made !== undefined) return made
  const other = await maker.otherMountAt(real)
  const problem = other === undefined ? 'is no volume' : `is a mount that devshm did not make: ${other}`
  const names = volumes.map((one) => one.path).join(', ')
  throw new DevshmError('NO_VOLUME', `${path} ${problem}`, {
    hint: names === '' ? 'devshm has made none that is still mounted' : `those that devshm made: ${names}`,
    details: { path, volumes: volumes.map((one) => one.path) },
  })
}

function requireMayLook({ path }: MadeVolume): void {
  const { uid } = statSync(path)
  const own = process.geteuid?.() ?? 0
  if (uid === own || own === 0) return
  throw new DevshmError('NOT_PERMITTED', `${path} belongs to another user (uid ${uid})`, {
    hint: 'have it removed by that user, or by root',
    details: { path, uid },
  })
}

async function sweep({ path }: MadeVolume, report: Report): Promise<void> {
  await sweepBuildFolders({ path })
  await sweepCloneFolders({ path })
  await sweepStale([path], report)
}

/** @throws {DevshmError} `IN_USE`: somebody would lose something */
async function requireEmpty({ path }: MadeVolume): Promise<void> {
  const files = filesIn(path)
  if (files.length === 0) return
  const details = { path, files }
  const [database] = await databasesAmong(files, path)
  if (database !== undefined) {
    const { origin, isAttached } = database
    const message = `${path} holds ${isAttached ? `${origin}, which is in RAM` : `what was left behind of ${origin}`}`
    const hint = `devshm detach --db ${quoted(origin)}   (then try again)`
    throw new DevshmError('IN_USE', message, { hint, details: { ...details, origin } })
  }
  const names = files.slice(0, MOST_NAMES).map((name) => quoted(name))
  const more = files.length > MOST_NAMES ? ` and ${files.length - MOST_NAMES} more` : ''
  const openers = await findOpeners(inodesOf(path, files), { includeSelf: true })
  const users = openers.length === 0 ? '' : `, open in ${listOpeners(openers)}`
  throw new DevshmError('IN_USE', `${path} holds files, which would be lost: ${names.join(', ')}${more}${users}`, {
    hint: openers.length === 0 ? 'move them to disk, or remove them, and try again' : 'stop that, and try again',
    details: { ...details, openers },
  })
}

/** All that is in it but folders, by name. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => lookAt(join(folder, name))?.isDirectory() === false && !isOfTheSystem(name)).toSorted()
}

/** What macOS puts on every disk, and devshm on its own. */
function isOfTheSystem(name: string): boolean {
  return (
    name === NEVER_INDEX ||
    /^(?:\.fseventsd|\.Spotlight-V100|\.Trashes|\.TemporaryItems)(?:\/|$)|^\.DS_Store$/.test(name)
  )
}

async function databasesAmong(
  files: readonly string[],
  path: string,
): Promise<{ readonly origin: string; readonly isAttached: boolean }[]> {
  const folders = new Set(files.filter((name) => /^devshm-\d+\/.*\/live\.sqlite3$/.test(name)).map(dirname))
  const attachments = await Promise.all([...folders].map((folder) => readFromLiveFolder(join(path, folder))))
  return await Promise.all(
    attachments
      .filter((one) => one !== undefined)
      .map(async (one) => ({ origin: one.origin, isAttached: await isLedTo(one) })),
  )
}

function inodesOf(path: string, files: readonly string[]): Set<ReturnType<typeof inodeOf>> {
  return new Set(files.map((name) => lookAt(join(path, name))).flatMap((stats) => (stats ? [inodeOf(stats)] : [])))
}

async function reopenIfThere(maker: VolumeMaker, made: MadeVolume): Promise<void> {
  if ((await maker.list()).some(({ path }) => path === made.path)) await maker.reopen(made)
}

/** The folder it was mounted on, if it can go: what is in it was hidden, and is the user's. */
async function removeFolder(path: string): Promise<void> {
  try {
    await removeIfEmpty(path)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EBUSY' && code !== 'EROFS') throw error
  }
}
