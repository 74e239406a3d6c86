import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PinnedDatabase } from '../engine/engine.ts'
import { systemCodeOf } from '../errors.ts'
import { identityOf, lookAt, type Identity } from '../fs/look.ts'
import { writeFileInOneStep } from '../fs/replace.ts'
import type { Places } from '../session/places.ts'
import { isSnapshotName } from './list.ts'

/** Something that a database was made equal to, or kept as. */
export type Base =
  | { readonly kind: 'snapshot'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'template'; readonly path: string; readonly fingerprint: string }

export type Overwriting = 'reset' | 'restore' | 'undo'

/** What is known of a database's past: in `.devshm/`, and of no weight for its safety. Times in ISO 8601, UTC. */
export interface History {
  /** The last known state: what `diff` compares with. */
  readonly base?: Base & { readonly at: string }
  /** Where the content is that was overwritten last: what `undo` brings back. `at` is one for all databases of a command. */
  readonly overwritten?: Overwritten
  /** Written before the database is, and gone afterwards: whether this came to pass has to be found out ({@link settleHistory}). */
  readonly pending?: {
    readonly base: Base & { readonly at: string }
    /** Not there if the database was empty. */
    readonly overwritten?: Overwritten
    /** The snapshot was taken for this alone. */
    readonly isOwn: boolean
    /** The file that was to take the old one's place, if it is not overwritten in place. */
    readonly swapped?: Identity
    /** What is to be overwritten in place: its file, and the version of its schema, as {@link stateOf} says it. */
    readonly state?: string
  }
}

export interface Overwritten {
  readonly snapshot: string
  readonly by: Overwriting
  readonly at: string
}

/** What is well-formed of it: it may have come with a cloned project, and names in it must not lead anywhere else. */
export function readHistory(places: Places): History {
  try {
    const { base, overwritten, pending } = fieldsOf(JSON.parse(readFileSync(pathOf(places), 'utf8')))
    return {
      ...(isBase(base) && { base }),
      ...(isOverwritten(overwritten) && { overwritten }),
      ...(isPending(pending) && { pending }),
    }
  } catch (error) {
    // Snapshots speak for themselves: without their history they only have to be named.
    if (error instanceof SyntaxError || systemCodeOf(error) === 'ENOENT') return {}
    throw error
  }
}

/** Under the database's lock. */
export async function writeHistory(places: Places, history: History): Promise<void> {
  const text = `${JSON.stringify(history, undefined, 2)}\n`
  await writeFileInOneStep(pathOf(places), text, join(places.unfinished, 'history.json'))
}

/** The same as long as a database is not overwritten, whatever rows are written, and until it gets another file. */
export function stateOf(path: string, { schemaVersion }: PinnedDatabase): string {
  const stats = lookAt(path)
  return `${stats === undefined ? 'none' : identityOf(stats)} ${schemaVersion}`
}

function isBase(value: unknown): value is NonNullable<History['base']> {
  const { kind, name, path, fingerprint, at } = fieldsOf(value)
  if (typeof at !== 'string') return false
  if (kind === 'snapshot') return isSnapshotName(name)
  return typeof path === 'string' && (kind === 'file' || (kind === 'template' && typeof fingerprint === 'string'))
}

function isOverwritten(value: unknown): value is Overwritten {
  const { snapshot, by, at } = fieldsOf(value)
  return isSnapshotName(snapshot) && (by === 'reset' || by === 'restore' || by === 'undo') && typeof at === 'string'
}

function isPending(value: unknown): value is NonNullable<History['pending']> {
  const { base, overwritten, isOwn, swapped, state } = fieldsOf(value)
  if (state !== undefined && typeof state !== 'string') return false
  if (swapped !== undefined && (typeof swapped !== 'string' || !/^\d+:\d+:\d+$/.test(swapped))) return false
  return isBase(base) && (overwritten === undefined || isOverwritten(overwritten)) && typeof isOwn === 'boolean'
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function pathOf(places: Places): string {
  return join(places.store, 'history.json')
}
