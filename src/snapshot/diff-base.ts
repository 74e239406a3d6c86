import { basename } from 'node:path'
import { DevshmError } from '../errors.ts'
import { lookAt, lookThrough } from '../fs/look.ts'
import type { Context } from '../session/context.ts'
import type { Places } from '../session/places.ts'
import { readHistory, type Base } from './history.ts'
import { listSnapshots } from './list.ts'
import { findSnapshot } from './names.ts'

/** One of the two things that are compared. */
export interface ComparedSide {
  /** What the user calls it. */
  readonly label: string
  readonly kind: 'snapshot' | 'template' | 'file' | 'current'
  readonly path: string
  /** ISO 8601, UTC: of which moment it is. */
  readonly at?: string
}

/**
 * What the current database is compared with when nothing is said: what it was last made equal to or kept as; else its
 * newest snapshot; else what it was when it was attached.
 *
 * @throws {DevshmError} `NO_SNAPSHOT`: there is none of these
 */
export function defaultBase({ places }: Context): ComparedSide {
  const { base } = readHistory(places)
  const known = base === undefined ? undefined : baseSide(places, base, base.at)
  if (known !== undefined && lookThrough(known.path)?.isFile() === true) return known
  const snapshots = listSnapshots(places)
  const newest = snapshots.find(({ path }) => path !== places.attachSnapshot) ?? snapshots[0]
  if (newest !== undefined) return snapshotSide(newest)
  throw new DevshmError('NO_SNAPSHOT', `nothing is known of ${places.origin} that it could be compared with`, {
    hint: 'take a snapshot first (devshm snapshot), or name what to compare with: devshm diff FILE',
    details: { path: places.origin },
  })
}

function baseSide(places: Places, base: Base, at: string): ComparedSide | undefined {
  switch (base.kind) {
    case 'snapshot': {
      const snapshot = findSnapshot(places, base.name)
      return snapshot && { ...snapshotSide(snapshot), at }
    }
    case 'file':
      return { label: basename(base.path), kind: 'file', path: base.path }
    case 'template':
      return { label: 'the template', kind: 'template', path: base.path, at }
  }
}

export function snapshotSide({ name, path }: { readonly name: string; readonly path: string }): ComparedSide {
  const taken = lookAt(path)?.mtime.toISOString()
  return { label: name, kind: 'snapshot', path, ...(taken !== undefined && { at: taken }) }
}
