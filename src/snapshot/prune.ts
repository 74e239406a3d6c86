import { rm } from 'node:fs/promises'
import type { Context } from '../session/context.ts'
import { readHistory } from './history.ts'
import { listSnapshots, type Snapshot } from './list.ts'
import { isAutomatic } from './names.ts'

export interface SnapshotLimits {
  /** How many of those that devshm took by itself stay. */
  readonly count: number
  /** Their size in total, in bytes. */
  readonly bytes: number
}

const USUAL_COUNT = 10
const USUAL_MEGABYTES = 1_000

export function snapshotLimits(configuration: {
  readonly keepSnapshots?: number
  readonly snapshotBudget?: number
}): SnapshotLimits {
  return {
    count: configuration.keepSnapshots ?? USUAL_COUNT,
    bytes: (configuration.snapshotBudget ?? USUAL_MEGABYTES) * 1_000_000,
  }
}

/**
 * Remove the oldest snapshots that devshm took before it overwrote something. Those with names of the user's own,
 * `@attach` and `@replaced` stay, and so do the newest and the one that `undo` brings back. Under the database's lock.
 */
export async function pruneSnapshots({ places }: Context, limits: SnapshotLimits): Promise<Snapshot[]> {
  const { overwritten, pending } = readHistory(places)
  const needed = new Set([overwritten?.snapshot, pending?.overwritten?.snapshot])
  const automatic = listSnapshots(places).filter(({ name }) => isAutomatic(name))
  const removed: Snapshot[] = []
  let count = 0
  let bytes = 0
  for (const snapshot of automatic) {
    const isNeeded = needed.has(snapshot.name) || count === 0
    const fits = count < limits.count && bytes + snapshot.bytes <= limits.bytes
    if (isNeeded || fits) {
      count += 1
      bytes += snapshot.bytes
    } else {
      await rm(snapshot.path, { force: true })
      removed.push(snapshot)
    }
  }
  return removed
}
