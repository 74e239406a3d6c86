import { mkdirSync, readdirSync, realpathSync, statfsSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { DevshmError, systemCodeOf } from '../../errors.ts'
import { formatBytes } from '../../fs/format-bytes.ts'
import { lookAt } from '../../fs/look.ts'
import { quoted } from '../../fs/quoted.ts'
import { totalMemory } from '../memory.ts'
import { removeIfEmpty } from '../own-folders.ts'
import { whoCouldExchange } from '../strangers.ts'
import type { MadeVolume, VolumeMaker, VolumeRequest } from './made-volume.ts'
import { formatSize } from './size.ts'

export interface Created {
  readonly made: MadeVolume
  readonly totalBytes: number
  /** False: there was one of that size at that path already. */
  readonly isNew: boolean
}

/**
 * Mount a file system in RAM at a path, for one user alone. On any failure everything is as before, with the folder that
 * was made for it gone again.
 *
 * @throws {DevshmError} `UNUSABLE_MOUNT_POINT`: the path is no new or empty folder of this user; `NO_RAM`; and what
 *   {@link VolumeMaker.create} throws
 */
export async function createVolume(maker: VolumeMaker, wanted: VolumeRequest): Promise<Created> {
  const path = realMountPoint(wanted.path)
  const request = { ...wanted, path }
  const existing = await findMade(maker, path)
  if (existing !== undefined) return reuse(existing, request)
  await requireUsable(maker, request)
  requireMemory(request)
  const command = maker.commandToCreate(request)
  if (command !== undefined) throw needsRoot(`mounting a file system in RAM on ${path}`, command)
  const isNewFolder = lookAt(path) === undefined
  if (isNewFolder) makeFolder(path)
  try {
    await maker.create(request)
    const made = await requireMade(maker, request)
    return { made, totalBytes: sizeOf(path), isNew: true }
  } catch (error) {
    if (isNewFolder) await removeIfEmpty(path)
    throw error
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
    throw unusable(path, 'was made by another process at this very moment', 'see `devshm volume list`, and try again')
  }
}

/** Only root may do it, and this command does it. */
export function needsRoot(what: string, command: string): DevshmError {
  return new DevshmError('NOT_PERMITTED', `${what} takes root`, { hint: command, details: { command } })
}

function requireMemory({ bytes }: VolumeRequest): void {
  const totalBytes = totalMemory()
  if (bytes <= totalBytes) return
  const message = `${formatBytes(bytes)} is more than all of the memory here, ${formatBytes(totalBytes)}`
  const hint = 'name a smaller --size; more than half of the memory is rarely wise'
  throw new DevshmError('NO_RAM', message, { hint, details: { neededBytes: bytes, totalBytes } })
}

/** The folder's real path and the name in it, which itself must be no link. */
export function realMountPoint(path: string): string {
  const absolute = resolve(path)
  try {
    return join(realpathSync.native(dirname(absolute)), basename(absolute))
  } catch (error) {
    if (systemCodeOf(error) !== 'ENOENT') throw error
    throw unusable(path, `cannot be: ${dirname(absolute)} does not exist`, `mkdir -p ${quoted(dirname(absolute))}`)
  }
}

function reuse(made: MadeVolume, { bytes }: VolumeRequest): Created {
  const { path, kind } = made
  const totalBytes = sizeOf(path)
  // A disk has less than its size, for what the file system itself takes.
  const isOfThatSize = kind === 'tmpfs' ? totalBytes === bytes : totalBytes <= bytes && totalBytes > 0.8 * bytes
  if (isOfThatSize) return { made, totalBytes, isNew: false }
  const hint =
    kind === 'tmpfs'
      ? `sudo mount -o remount,size=${formatSize(bytes)} ${quoted(path)}   (keeps what is in it)`
      : `devshm volume remove ${quoted(path)}   (and make it anew)`
  throw unusable(path, `is a volume of devshm's already, of ${formatBytes(totalBytes)}`, hint)
}

async function requireUsable(maker: VolumeMaker, { path, owner }: VolumeRequest): Promise<void> {
  const other = await maker.otherMountAt(path)
  if (other !== undefined) throw unusable(path, `is a mount of something else already: ${other}`, 'name another path')
  requireSafeWay(path, owner.uid)
  const stats = lookAt(path)
  if (stats === undefined) return
  if (stats.isSymbolicLink()) throw unusable(path, 'is a link', 'name what it leads to, or another path')
  if (!stats.isDirectory()) throw unusable(path, 'is not a folder', 'name another path')
  const trusted = [0, owner.uid, process.geteuid?.() ?? 0]
  if (!trusted.includes(Number(stats.uid))) {
    throw unusable(path, `belongs to another user (uid ${stats.uid})`, 'name another path')
  }
  if (readdirSync(path).length > 0) {
    throw unusable(path, 'is not empty, and what is in it would be hidden', 'name an empty folder, or a new one')
  }
}

/** On the way to it nobody may put a link in its place at the last moment, for root to mount on what that leads to. */
function requireSafeWay(path: string, owner: number): void {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const problem = whoCouldExchange(statSync(folder, { bigint: true }), owner)
    if (problem !== undefined) {
      throw unusable(path, `cannot be made: ${folder} ${problem}`, 'name a path in a folder of yours, or of root')
    }
    if (folder === dirname(folder)) return
  }
}

/** Believed only when the system itself shows it as it should be. */
async function requireMade(maker: VolumeMaker, { path, owner }: VolumeRequest): Promise<MadeVolume> {
  const made = await findMade(maker, path)
  const { uid, mode } = statSync(path)
  if (made !== undefined && (mode & 0o777) === 0o700 && uid === owner.uid) return made
  if (made !== undefined) await maker.remove(made)
  const problem = made === undefined ? 'the system does not show it' : 'is not for its user alone'
  throw new DevshmError('IO', `what was mounted on ${path} ${problem}`, {
    hint: `see what \`mount\` shows for ${path}`,
    details: { path },
  })
}

async function findMade(maker: VolumeMaker, path: string): Promise<MadeVolume | undefined> {
  return (await maker.list()).find((one) => one.path === path)
}

function sizeOf(path: string): number {
  const { blocks, bsize } = statfsSync(path)
  return blocks * bsize
}

function unusable(path: string, problem: string, hint: string): DevshmError {
  return new DevshmError('UNUSABLE_MOUNT_POINT', `${path} ${problem}`, { hint, details: { path } })
}
