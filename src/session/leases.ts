import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { isRunning, ownIdentity, type ProcessIdentity } from '../process/identity.ts'
import { liveFolderOf, type Attachment } from './attachment.ts'

/** A devshm process that needs the database in RAM: `run`, or the holder that `attach` starts. */
export interface Lease extends ProcessIdentity {
  readonly kind: 'run' | 'holder'
  /** For people: what it runs. */
  readonly command: string
  readonly since: string
}

/**
 * Leases lie in the live folder: they end with the RAM they speak of, and outlive a removed `.devshm/`. All of these
 * functions are called under the database's lock.
 */
export async function takeLease(attachment: Attachment, kind: Lease['kind'], command: string): Promise<void> {
  const lease: Lease = { ...ownIdentity(), kind, command, since: new Date().toISOString() }
  mkdirSync(folderOf(attachment), { recursive: true, mode: 0o700 })
  writeFileSync(fileOf(attachment, lease), JSON.stringify(lease), { mode: 0o600 })
}

export async function endLease(attachment: Attachment, lease: ProcessIdentity = ownIdentity()): Promise<void> {
  rmSync(fileOf(attachment, lease), { force: true })
}

/** Who holds the database now, and whose lease is left over from a crash. Reports only. */
export async function readLeases(attachment: Attachment): Promise<{ alive: Lease[]; dead: Lease[] }> {
  const leases = (await Promise.all((await namesIn(folderOf(attachment))).map(readLease))).filter(
    (lease) => lease !== undefined,
  )
  const groups = Object.groupBy(leases, (lease) => (isRunning(lease) ? 'alive' : 'dead'))
  return { alive: groups.alive ?? [], dead: groups.dead ?? [] }
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
