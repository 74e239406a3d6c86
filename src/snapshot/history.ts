import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { writeFileInOneStep } from '../fs/replace.ts'
import type { Places } from '../session/places.ts'

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
  }
}

export interface Overwritten {
  readonly snapshot: string
  readonly by: Overwriting
  readonly at: string
}

export function readHistory(places: Places): History {
  try {
    const value: unknown = JSON.parse(readFileSync(pathOf(places), 'utf8'))
    return typeof value === 'object' && value !== null ? value : {}
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

function pathOf(places: Places): string {
  return join(places.store, 'history.json')
}
