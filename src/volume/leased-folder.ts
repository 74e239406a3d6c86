import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { inodeOf, linkTarget, lookAt, type Inode } from '../fs/look.ts'
import { namingFile } from '../fs/naming-file.ts'
import { ensurePrivateDirectory } from '../fs/private-directory.ts'
import { bootId, isIdentity, isRunning, ownIdentity, type ProcessIdentity } from '../process/identity.ts'
import { findOpeners } from '../process/open-files.ts'
import { trustedFoldersIn } from './own-folders.ts'

/** The maker of a folder, in it. */
const LEASE = 'maker.json'

/** Another process that needs a folder. */
const FURTHER_LEASE = /^also-\d+\.json$/

/** A folder that has no lease yet was begun a moment ago, or by a process that died in that moment. */
const BEGUN = 'begun-'

/** How long making a folder may take, in milliseconds; one that was begun earlier is nobody's. */
const BEGINNING_MS = 60_000

const UNSEEN_MS = 86_400_000

const ownNamespace = linkTarget('/proc/self/ns/pid')

export interface LeasedFolderOptions {
  /** Folders that lead to it and are made if need be, from the top; without it the one that it is made in must exist. */
  readonly parents?: readonly string[]
  /** Whose it is (default: this process's). */
  readonly maker?: ProcessIdentity
}

/**
 * Make a new, empty folder `PREFIXxxxxxx` in `within`, private at every level. It is its maker's until it is removed, or
 * until that process ends: then {@link sweepLeasedFolders} takes it.
 *
 * @throws {DevshmError} `UNSAFE_FOLDER`: somebody else put something at the path of one of `parents` first
 */
export function createLeasedFolder(within: string, prefix: string, options: LeasedFolderOptions = {}): string {
  const { parents = [], maker = ownIdentity() } = options
  for (let tries = 1; ; tries += 1) {
    try {
      for (const part of parents) ensurePrivateDirectory(part)
      return finish(mkdtempSync(join(within, BEGUN)), prefix, maker)
    } catch (error) {
      // The end of another folder removes the parts that are empty, perhaps between two of ours.
      const code = systemCodeOf(error)
      const mayPass = code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST'
      if (!mayPass || parents.length === 0 || tries === 1_000) throw error
    }
  }
}

/** Give a folder that was begun its lease, and only then its name, so that no sweep ever sees it without its lease. */
function finish(begun: string, prefix: string, maker: ProcessIdentity): string {
  const folder = join(dirname(begun), `${prefix}${basename(begun).slice(BEGUN.length)}`)
  try {
    writeLease(join(begun, LEASE), maker)
    renameSync(begun, folder)
    return folder
  } catch (error) {
    try {
      rmSync(begun, { recursive: true, force: true })
    } catch {
      // The first failure is what matters; a sweep takes what was begun.
    }
    throw error
  }
}

/** Have a folder stay for as long as this process runs as well. */
export function addLease(folder: string, identity: ProcessIdentity): void {
  writeLease(join(folder, `also-${identity.pid}.json`), identity)
}

/** Have a folder belong to nobody from now on: the next sweep takes it, as soon as no file in it is open. */
export function endLeases(folder: string): void {
  for (const name of namesIn(folder)) {
    if (name === LEASE || FURTHER_LEASE.test(name)) rmSync(join(folder, name), { force: true })
  }
}

/** The process that made a folder, if it still runs. */
export function makerOf(folder: string): ProcessIdentity | undefined {
  return readLease(join(folder, LEASE))
}

/** Whether a process that a folder belongs to still runs. */
export function isLeased(folder: string): boolean {
  if (makerOf(folder) !== undefined) return true
  return namesIn(folder).some((name) => FURTHER_LEASE.test(name) && readLease(join(folder, name)) !== undefined)
}

interface Lease extends ProcessIdentity {
  /** In which pids mean what they say; none where there is only one. */
  readonly pidNamespace?: string
}

function writeLease(path: string, identity: ProcessIdentity): void {
  const lease: Lease = { ...identity, ...(ownNamespace !== undefined && { pidNamespace: ownNamespace }) }
  namingFile(path, () => writeFileSync(path, JSON.stringify(lease), { mode: 0o600 }))
}

function readLease(path: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isIdentity(value) && holds(value, path) ? value : undefined
  } catch (error) {
    const code = systemCodeOf(error)
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** A process in another container that shares the volume cannot be seen: for a day it is taken to run. */
function holds(lease: Lease, path: string): boolean {
  if (lease.pidNamespace === undefined || lease.pidNamespace === ownNamespace) return isRunning(lease)
  const madeAt = Number(lookAt(path)?.mtimeMs ?? 0n)
  return lease.bootId === bootId() && Date.now() - madeAt < UNSEEN_MS
}

/**
 * Remove the folders `PREFIX…` in `within` that belong to no running process. One in which any process still has a file
 * open stays, for the next time.
 *
 * @param isNeeded says that a folder whose own processes have ended is needed all the same
 */
export async function sweepLeasedFolders(
  within: string,
  prefix: string,
  isNeeded: (folder: string) => Promise<boolean> = async () => false,
): Promise<void> {
  for (const folder of await trustedFoldersIn(within)) {
    if ((await isInUse(folder, prefix)) || (await isNeeded(folder)) || (await hasOpenFiles(folder))) continue
    await rm(folder, { recursive: true, force: true })
  }
}

async function isInUse(folder: string, prefix: string): Promise<boolean> {
  const name = basename(folder)
  if (name.startsWith(BEGUN)) {
    const stats = lookAt(folder)
    return stats !== undefined && Date.now() - Number(stats.mtimeMs) < BEGINNING_MS
  }
  return !name.startsWith(prefix) || isLeased(folder)
}

/** Whether any process has a file open that lies in this folder or below. */
export async function hasOpenFiles(folder: string): Promise<boolean> {
  return (await findOpeners(new Set(filesBelow(folder)), { includeSelf: true })).length > 0
}

/** The regular files in a folder and below; none if it is gone. */
export function filesBelow(folder: string): Inode[] {
  return namesIn(folder, { recursive: true }).flatMap((name) => {
    const stats = lookAt(join(folder, name))
    return stats?.isFile() === true ? [inodeOf(stats)] : []
  })
}

/** None if the folder is gone. */
function namesIn(folder: string, options: { recursive?: boolean } = {}): string[] {
  for (;;) {
    try {
      return readdirSync(folder, { ...options, encoding: 'utf8' })
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error
      if (lookAt(folder) === undefined) return []
      // Something below went away meanwhile: what is left has to be looked at all the same.
    }
  }
}
