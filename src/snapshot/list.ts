import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import type { Places } from '../session/places.ts'

export interface Snapshot {
  readonly name: string
  readonly path: string
  readonly bytes: number
  /** When it was taken. */
  readonly at: Date
}

const SUFFIX = '.sqlite3'

const OWN_OR_USERS = /^@?[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/

/** Whether it can be the name of a snapshot: nothing that leads to another folder, is an option, or drives a terminal. */
export function isSnapshotName(name: unknown): name is string {
  return typeof name === 'string' && OWN_OR_USERS.test(name)
}

/** The snapshots of a database, the newest first. Files that devshm would never name so are left out. Looks only. */
export function listSnapshots({ snapshots }: Places): Snapshot[] {
  return namesIn(snapshots)
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .filter(isSnapshotName)
    .flatMap((name) => {
      const path = join(snapshots, `${name}${SUFFIX}`)
      const stats = lookAt(path)
      if (stats?.isFile() !== true) return []
      return [{ name, path, bytes: Number(stats.size), at: stats.mtime }]
    })
    .toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.name < b.name ? 1 : -1))
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}
