import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inodeOf, lookAt } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import type { Places } from './places.ts'

/**
 * A command that was killed right before it put another file in the origin's place left the one there with a second name
 * among the snapshots. As a snapshot it would change with the database: the name goes. `@attach` is told apart by its
 * record: see `recover.ts`.
 */
export async function forgetSecondNames({ origin, snapshots, attachSnapshot }: Places): Promise<void> {
  const stats = lookAt(origin)
  if (stats?.isFile() !== true || stats.nlink === 1n || lookAt(snapshots) === undefined) return
  const inode = inodeOf(stats)
  for (const path of readdirSync(snapshots).map((name) => join(snapshots, name))) {
    const other = path === attachSnapshot ? undefined : lookAt(path)
    if (other !== undefined && inodeOf(other) === inode) rmSync(path)
  }
  await syncDirectory(snapshots)
}
