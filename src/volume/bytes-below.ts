import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'

/** Bytes that all that is in a folder takes, as the file system counts it; holes take none. */
export function bytesBelow(folder: string): number {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    return names.reduce((sum, name) => sum + Number((lookAt(join(folder, name))?.blocks ?? 0n) * 512n), 0)
  } catch (error) {
    // Something went away in between: what is left is counted the next time.
    if (systemCodeOf(error) === 'ENOENT') return 0
    throw error
  }
}
