import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { JournalMode } from '../engine/engine.ts'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { lookAt, type Inode } from '../fs/look.ts'
import { writeFileForNow, writeFileInOneStep } from '../fs/replace.ts'
import type { Places } from './places.ts'

/**
 * That a database is in RAM. Recorded without any process, and ends only by detach. It is written twice: in the live
 * folder, so that RAM knows what it belongs to, and in `.devshm/`, so that the disk knows after a power cut.
 */
export interface Attachment {
  readonly version: 1
  readonly origin: string
  readonly live: string
  /** The folder of the volume, its mount and the boot: what tells a restart from another container's view. */
  readonly volume: string
  readonly device: string
  readonly bootId: string
  /** ISO 8601, UTC. */
  readonly attachedAt: string
  /** `wal`: devshm made live a write-ahead database, and takes that back on the way to disk. */
  readonly journal: 'keep' | 'wal'
  /** How apps are led to it; not there: by a link. */
  readonly route?: Route
  readonly before: Before
  /** The origin's folder, by inode: a path can lead to another folder later. */
  readonly folder?: Inode
  /** Without a link: what the origin looked like when it was copied; see {@link isAsAttached}. */
  readonly stamp?: string
  /** Without a link: the user has put something else at the origin, and that is what counts now. */
  readonly isReplaced?: true
  /** Set just before the origin becomes a file again: that file, and live's stamp at its last save, if that is settled. */
  readonly detaching?: { readonly inode: Inode | 'none'; readonly stamp?: string | undefined }
}

/**
 * `link`: the origin is a link to live, for every program. `hook`: the origin stays the file that it was, and the
 * processes of one command are led to live instead.
 */
export type Route = 'link' | 'hook'

/** What was at the origin. */
export type Before =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly inode: Inode; readonly journalMode: JournalMode }

/** The journal mode that copies on disk get where devshm made live WAL: the origin's, or SQLite's own for a new one. */
export function journalModeOnDisk({ before }: Attachment): JournalMode {
  return before.kind === 'file' ? before.journalMode : 'rollback'
}

export function routeOf({ route = 'link' }: Attachment): Route {
  return route
}

export function liveFolderOf(attachment: Pick<Attachment, 'live'>): string {
  return dirname(attachment.live)
}

const IN_LIVE_FOLDER = 'attachment.json'

/** Write the record beside live, once, before anything links to it. */
export async function recordInVolume(attachment: Attachment): Promise<void> {
  const folder = liveFolderOf(attachment)
  // In RAM there is no power cut to be safe from.
  writeFileForNow(join(folder, IN_LIVE_FOLDER), textOf(attachment), join(folder, 'attachment.json.new'))
}

export async function recordInStore(places: Places, attachment: Attachment): Promise<void> {
  await writeFileInOneStep(places.record, textOf(attachment), join(places.unfinished, 'attachment.json'))
}

export async function forgetInStore(places: Places): Promise<void> {
  rmSync(places.record, { force: true })
}

export async function readFromStore(places: Places): Promise<Attachment | undefined> {
  return await read(places.record)
}

/** The record of a live folder, or `undefined` where there is none (it went away, or was never finished). */
export async function readFromLiveFolder(folder: string): Promise<Attachment | undefined> {
  const attachment = await read(join(folder, IN_LIVE_FOLDER))
  if (attachment === undefined) return undefined
  // The folder may have been renamed away since the record was written.
  const live = join(folder, 'live.sqlite3')
  return lookAt(live) === undefined ? undefined : { ...attachment, live }
}

function textOf(attachment: Attachment): string {
  return `${JSON.stringify(attachment, undefined, 2)}\n`
}

async function read(path: string): Promise<Attachment | undefined> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
  const value = parse(path, text)
  if (isAttachment(value)) return value
  throw new DevshmError('UNSUPPORTED', `${path} was written by another version of devshm, or damaged`, {
    hint: 'use the version of devshm that attached the database, or remove the file to go on without it',
    details: { path },
  })
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new DevshmError('IO', `${path} is damaged`, {
      hint: 'remove that file: devshm finds out again what is in RAM and what is on disk',
      cause: error,
      details: { path },
    })
  }
}

function isAttachment(value: unknown): value is Attachment {
  if (typeof value !== 'object' || value === null) return false
  const texts = ['origin', 'live', 'volume', 'device', 'bootId', 'attachedAt', 'journal']
  const fields = new Map(Object.entries(value))
  return (
    fields.get('version') === 1 && texts.every((key) => typeof fields.get(key) === 'string') && fields.has('before')
  )
}
