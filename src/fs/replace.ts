import { closeSync, fchmodSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncDescriptor, syncDirectory } from './sync.ts'

/**
 * Give `path` the content `text` in one step: a reader, and the disk after a power cut, have either the old
 * content or the new one. `temporary` must be a free name on the same file system.
 *
 * @param mode the file's permissions, or `'usual'` for those of any new file; unless told, it is private to the user
 */
export async function writeFileInOneStep(
  path: string,
  text: string,
  temporary: string,
  mode: number | 'usual' = 0o600,
): Promise<void> {
  rmSync(temporary, { force: true })
  try {
    await writeSynced(temporary, text, mode)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  await syncDirectory(dirname(path))
}

async function writeSynced(path: string, text: string, mode: number | 'usual'): Promise<void> {
  const file = openSync(path, 'wx', mode === 'usual' ? 0o666 : 0o600)
  try {
    writeFileSync(file, text)
    if (mode !== 'usual' && mode !== 0o600) fchmodSync(file, mode)
    await syncDescriptor(file)
  } finally {
    closeSync(file)
  }
}

/** The same for other processes only: after a power cut the file may be old, empty or absent, and that must not matter. */
export function writeFileForNow(path: string, text: string, temporary: string): void {
  rmSync(temporary, { force: true })
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/**
 * Rename, and force both folders to the disk. After this returns, a power cut cannot take the rename back.
 * The content of `from` must have been synced before.
 */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to)
  await syncDirectory(dirname(to))
  if (dirname(from) !== dirname(to)) await syncDirectory(dirname(from))
}
