import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { inodeOf, linkTarget, lookAt, type Inode } from '../fs/look.ts'
import { writeFileInOneStep } from '../fs/replace.ts'
import { isIdentity, isRunning, ownIdentity, type ProcessIdentity } from '../process/identity.ts'
import { looksLikeBuild } from '../volume/build-folder.ts'
import { makerOf } from '../volume/leased-folder.ts'
import { looksLikeLive } from '../volume/live-folder.ts'
import { readFromStore, routeOf } from './attachment.ts'
import { folderOf } from './fill-live.ts'
import type { Places } from './places.ts'

/** What is at an origin's path when it is not lent. */
export type Was =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly inode: Inode }
  | { readonly kind: 'link'; readonly target: string }

/** Recorded before the path is lent. It helps where looking alone does not tell what was there. */
interface LendingRecord {
  readonly version: 1
  readonly was: Was
  /** The private database. */
  readonly to: string
  /** ISO 8601, UTC. */
  readonly since: string
  readonly maker: ProcessIdentity
  /** The origin's folder, by inode: a copied or cloned project carries a record that is not its own. */
  readonly folder: Inode | undefined
  /** Set when the path is lent for good and before anything runs: until then, all but our link is the user's. */
  readonly hasBegun: boolean
}

/** An origin's path that leads to a private database, or did when the process that built that one died. */
export interface Lending {
  /** `unknown`: neither the original, nor a record, nor a live database is left that says it. */
  readonly was: Was | { readonly kind: 'unknown' }
  readonly to: string
  readonly since: string | undefined
  /** The process that builds, if it still runs. */
  readonly maker: ProcessIdentity | undefined
  /** Whether a step may have run. */
  readonly hasBegun: boolean
}

export async function recordLending(places: Places, was: Was, to: string, hasBegun: boolean): Promise<void> {
  const { folder } = folderOf(places.origin)
  const since = new Date().toISOString()
  const record: LendingRecord = { version: 1, was, to, since, maker: ownIdentity(), folder, hasBegun }
  const text = `${JSON.stringify(record, undefined, 2)}\n`
  await writeFileInOneStep(places.lending, text, join(places.unfinished, 'lent.json'))
}

export function forgetLending(places: Places): void {
  rmSync(places.lending, { force: true })
}

/** Find out whether a path is lent, and what was there. Changes nothing. */
export async function findLending(places: Places): Promise<Lending | undefined> {
  const record = readRecord(places)
  const isOwn = record !== undefined && record.folder === folderOf(places.origin).folder
  const link = linkTarget(places.origin)
  const to = link !== undefined && looksLikeBuild(link) ? link : undefined
  // What the user, or a project that was cloned, has at the path is respected: without our link only a record of this
  // very folder says otherwise.
  if (to === undefined && (!isOwn || !record.hasBegun || isAsItWas(places, record.was))) return undefined
  const was = await whatWas(places, record)
  const builder = to === undefined || record !== undefined ? undefined : makerOf(dirname(to))
  const maker = isOwn && isRunning(record.maker) ? record.maker : builder
  return { was, to: to ?? record?.to ?? '', since: record?.since, maker, hasBegun: record?.hasBegun !== false }
}

/** Whether another process is building at this moment with the path lent. */
export function isLentByAnother(places: Places): boolean {
  const record = readRecord(places)
  return record !== undefined && record.maker.pid !== process.pid && isRunning(record.maker)
}

/** The link that is at a path, or will be again when it is not lent any more. */
export async function linkWhenNotLent(places: Places): Promise<string | undefined> {
  const lending = await findLending(places)
  if (lending === undefined) return linkTarget(places.origin)
  return lending.was.kind === 'link' ? lending.was.target : undefined
}

/** There is nothing to put back: it never came to the swap, or somebody has done it. */
function isAsItWas(places: Places, was: Was): boolean {
  // A file at the path of what was absent hides nothing, so it may stay, whoever made it.
  if (was.kind === 'absent') return true
  if (was.kind === 'link') return linkTarget(places.origin) === was.target
  const [kept, there] = [lookAt(places.original), lookAt(places.origin)]
  return kept === undefined || (there !== undefined && inodeOf(kept) === inodeOf(there))
}

async function whatWas(places: Places, record: LendingRecord | undefined): Promise<Lending['was']> {
  const kept = lookAt(places.original)
  if (kept?.isFile() === true) return { kind: 'file', inode: inodeOf(kept) }
  if (record !== undefined && record.was.kind !== 'file') return record.was
  const attachment = await readFromStore(places)
  const isLink = attachment !== undefined && routeOf(attachment) === 'link'
  if (isLink && looksLikeLive(attachment.live)) return { kind: 'link', target: attachment.live }
  return { kind: 'unknown' }
}

function readRecord(places: Places): LendingRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(places.lending, 'utf8'))
    return isRecord(value) ? value : undefined
  } catch (error) {
    const code = systemCodeOf(error)
    // Looking tells most of what it says.
    if (error instanceof SyntaxError || code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function isRecord(value: unknown): value is LendingRecord {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  const texts = ['to', 'since', 'folder'].every((key) => typeof fields.get(key) === 'string')
  return fields.get('version') === 1 && texts && isIdentity(fields.get('maker')) && isWas(fields.get('was'))
}

function isWas(value: unknown): value is Was {
  if (typeof value !== 'object' || value === null) return false
  const { kind, target } = value as { kind?: unknown; target?: unknown }
  if (kind === 'link') return typeof target === 'string' && looksLikeLive(target)
  return kind === 'absent' || kind === 'file'
}
