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

/** The snapshots of a database, the newest first. Looks only. */
export function listSnapshots({ snapshots }: Places): Snapshot[] {
  return namesIn(snapshots)
    .filter((file) => file.endsWith(SUFFIX))
    .flatMap((file) => {
      const path = join(snapshots, file)
      const stats = lookAt(path)
      if (stats?.isFile() !== true) return []
      return [{ name: file.slice(0, -SUFFIX.length), path, bytes: Number(stats.size), at: stats.mtime }]
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
