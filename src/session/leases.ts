import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { someoneIsPresent, showPresence, type FileLock } from '../engine/sqlite/file-lock.ts'
import { systemCodeOf } from '../errors.ts'
import { linkTarget, lookAt } from '../fs/look.ts'
import { bootId, isRunning, ownIdentity, type ProcessIdentity } from '../process/identity.ts'
import { liveFolderOf, type Attachment } from './attachment.ts'

/** A devshm process that needs the database in RAM: `run`, or the holder that `attach` starts. */
export interface Lease extends ProcessIdentity {
  readonly kind: 'run' | 'holder'
  /** For people: what it runs. */
  readonly command: string
  readonly since: string
  /** In which pids mean what they say; none where there is only one. */
  readonly pidNamespace?: string
}

const ownNamespace = linkTarget('/proc/self/ns/pid')

/**
 * Locks by which processes in other containers, which share the volume and see no pid of ours, are told that a lease is
 * alive. The kernel frees them when this process ends.
 */
const held = new Map<string, FileLock>()

/**
 * Leases lie in the live folder: they end with the RAM they speak of, and outlive a removed `.devshm/`. All of these
 * functions are called under the database's lock.
 */
export async function takeLease(attachment: Attachment, kind: Lease['kind'], command: string): Promise<void> {
  const since = new Date().toISOString()
  const pidNamespace = ownNamespace === undefined ? {} : { pidNamespace: ownNamespace }
  const lease: Lease = { ...ownIdentity(), kind, command, since, ...pidNamespace }
  mkdirSync(folderOf(attachment), { recursive: true, mode: 0o700 })
  const file = fileOf(attachment, lease)
  // Before the lease itself: one without a lock is taken for left over.
  const lock = held.get(file) ?? (await showPresence(lockOf(file)))
  held.set(file, lock)
  writeFileSync(file, JSON.stringify(lease), { mode: 0o600 })
}

export async function endLease(attachment: Attachment, lease: ProcessIdentity = ownIdentity()): Promise<void> {
  const file = fileOf(attachment, lease)
  held.get(file)?.[Symbol.dispose]()
  held.delete(file)
  for (const path of [file, lockOf(file)]) rmSync(path, { force: true })
}

/** Who holds the database now, and whose lease is left over from a crash. Reports only. */
export async function readLeases(attachment: Attachment): Promise<{ alive: Lease[]; dead: Lease[] }> {
  const files = (await namesIn(folderOf(attachment))).filter((path) => path.endsWith('.json'))
  const leases = (await Promise.all(files.map(readLease))).filter((lease) => lease !== undefined)
  const groups = Object.groupBy(leases, (lease) => (isAlive(attachment, lease) ? 'alive' : 'dead'))
  return { alive: groups.alive ?? [], dead: groups.dead ?? [] }
}

/** The pids of those that this process can see; a pid of another container may be anybody's here. */
export function visiblePids(leases: readonly Lease[]): number[] {
  return leases.filter(isVisible).map(({ pid }) => pid)
}

export function isOwn(lease: Lease): boolean {
  return isVisible(lease) && lease.pid === process.pid
}

function isVisible({ pidNamespace }: Lease): boolean {
  return pidNamespace === undefined || pidNamespace === ownNamespace
}

function isAlive(attachment: Attachment, lease: Lease): boolean {
  if (isVisible(lease)) return isRunning(lease)
  const lock = lockOf(fileOf(attachment, lease))
  return lease.bootId === bootId() && lookAt(lock) !== undefined && someoneIsPresent(lock)
}

function lockOf(file: string): string {
  return file.replace(/\.json$/, '.lock')
}

function folderOf(attachment: Attachment): string {
  return join(liveFolderOf(attachment), 'leases')
}

function fileOf(attachment: Attachment, { pid, startedAt }: ProcessIdentity): string {
  return join(folderOf(attachment), `${pid}-${startedAt.replaceAll(/\W/g, '_')}.json`)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** A lease that cannot be read is a crash in the middle of writing it, so nobody's. */
async function readLease(path: string): Promise<Lease | undefined> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isLease(value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError || systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isLease(value: unknown): value is Lease {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map(Object.entries(value))
  return typeof fields.get('pid') === 'number' && typeof fields.get('startedAt') === 'string'
}
