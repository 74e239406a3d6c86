import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { syncDirectory } from '../fs/sync.ts'
import type { Context } from './context.ts'
import { freeSnapshotName } from './store.ts'

export interface KeptSnapshot {
  readonly snapshot: string
  readonly path: string
}

/**
 * Give a complete, synced copy a place among the snapshots, as `@replaced` or, where that is taken, `@replaced-2` …: an
 * automatic snapshot never overwrites another.
 */
export async function keepAsSnapshot({ places }: Context, copy: string): Promise<KeptSnapshot> {
  const snapshot = freeSnapshotName(places, '@replaced')
  const path = join(places.snapshots, `${snapshot}.sqlite3`)
  await rename(copy, path)
  await syncDirectory(places.snapshots)
  return { snapshot, path }
}
