import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { lookThrough } from './look.ts'

/**
 * Make a folder and those above it, private to the user, as far as they are missing. Node's own recursive `mkdir` never
 * returns where the system refuses with ENOENT, as in `/proc`.
 *
 * @throws the system's error, also where something else is in the way
 */
export function makeFolders(path: string): void {
  if (lookThrough(path)?.isDirectory() === true) return
  if (dirname(path) !== path) makeFolders(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Somebody was faster.
    if (systemCodeOf(error) !== 'EEXIST' || lookThrough(path)?.isDirectory() !== true) throw error
  }
}
