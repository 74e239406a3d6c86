import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inodeOf, lookAt } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import type { Places } from './places.ts'

/** What a restore calls what it overwrites. */
const GIVEN = /^@before-.*\.sqlite3$/

/**
 * A command that was killed right before it put another file in the origin's place left the one there with a second name
 * among the snapshots. As a snapshot it would change with the database: the name goes. One that a command was not about to
 * give stays: whoever links equal files together (`jdupes -L`) has made it, and it may be all that bears its name.
 * `@attach` is told apart by its record: see `recover.ts`.
 */
export async function forgetSecondNames({ origin, snapshots }: Places): Promise<void> {
  const stats = lookAt(origin)
  if (stats?.isFile() !== true || stats.nlink === 1n || lookAt(snapshots) === undefined) return
  const inode = inodeOf(stats)
  for (const path of readdirSync(snapshots)
    .filter((name) => GIVEN.test(name))
    .map((name) => join(snapshots, name))) {
    const other = lookAt(path)
    if (other !== undefined && inodeOf(other) === inode) rmSync(path)
  }
  await syncDirectory(snapshots)
}
