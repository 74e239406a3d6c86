import { utimes } from 'node:fs/promises'
import { lookAt } from '../fs/look.ts'
import type { Places } from '../session/places.ts'
import { listSnapshots } from './list.ts'
import { isAutomatic } from './names.ts'

/**
 * Have a file be the newest of the snapshots, which are ordered by time. It is by its own time, unless the clock was set
 * back since another one was taken, or ticks more slowly than snapshots are taken: then it gets the time after that one.
 */
export async function dateAfterOthers(places: Places, path: string): Promise<void> {
  const own = lookAt(path)
  const newest = listSnapshots(places).find((other) => other.path !== path && isTaken(other.name))
  if (own === undefined || newest === undefined || own.mtimeMs > BigInt(newest.at.getTime())) return
  // On its way to the disk a time is a fraction of seconds, and may fall short by a little.
  const time = new Date(newest.at.getTime() + 2)
  await utimes(path, time, time)
}

/** What is kept of other files has their times. */
function isTaken(name: string): boolean {
  return isAutomatic(name) || !name.startsWith('@')
}
