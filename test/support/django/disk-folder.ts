import { mkdirSync, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const TMPFS_MAGIC = 0x01021994
const RAMFS_MAGIC = 0x858458f6
const CACHE_OF_THE_REPOSITORY = join(import.meta.dirname, '../../../node_modules/.cache')

export interface TemporaryFolder extends Disposable {
  /** With every link resolved. */
  readonly path: string
}

/**
 * A new folder on a real disk: in the system's temporary folder, or in `node_modules/.cache` where that one is in RAM.
 * Disposing it removes it with all it holds.
 */
export function createFolderOnDisk(prefix: string): TemporaryFolder {
  return createFolder(isInRam(tmpdir()) ? CACHE_OF_THE_REPOSITORY : tmpdir(), prefix)
}

/** A new folder inside `parent`, which is created as well where it is missing. */
export function createFolder(parent: string, prefix: string): TemporaryFolder {
  mkdirSync(parent, { recursive: true })
  const path = realpathSync(mkdtempSync(join(parent, prefix)))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Whether `path` is on a tmpfs or ramfs (Linux only: elsewhere the type has other numbers). */
export function isInRam(path: string): boolean {
  return [TMPFS_MAGIC, RAMFS_MAGIC].includes(statfsSync(path).type)
}
