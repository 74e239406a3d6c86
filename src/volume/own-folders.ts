import { readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { unsafeBecause } from '../fs/private-directory.ts'

/** This user's folder in a volume; everything that devshm puts there lies in it. */
export function userFolder(volumePath: string): string {
  return join(volumePath, `devshm-${process.geteuid?.() ?? 0}`)
}

// Folders go as soon as they are empty, by the hand of whichever process sees it: also while another one looks at them.

/** Whether a path is a real folder of this user; that its mode is too wide is mended where it is used. */
export function isTrusted(folder: string): boolean {
  try {
    return unlessGone(false, () => {
      const problem = unsafeBecause(folder)
      return problem === undefined || problem === 'mode'
    })
  } catch (error) {
    // In a folder that is closed to this user, such as the `$XDG_RUNTIME_DIR` that `su` hands on, nothing can be theirs.
    if (systemCodeOf(error) === 'EACCES') return false
    throw error
  }
}

export async function trustedFoldersIn(folder: string): Promise<string[]> {
  if (!isTrusted(folder)) return []
  const entries = unlessGone([], () => readdirSync(folder, { withFileTypes: true }))
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
}

function unlessGone<T>(otherwise: T, look: () => T): T {
  try {
    return look()
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return otherwise
    throw error
  }
}

/** Remove folders, from the lowest up, as far as they are empty. */
export async function removeIfEmpty(...folders: string[]): Promise<void> {
  for (const folder of folders) {
    try {
      rmdirSync(folder)
    } catch (error) {
      const code = systemCodeOf(error)
      if (code === 'ENOTEMPTY' || code === 'ENOENT' || code === 'EEXIST') return
      throw error
    }
  }
}

/**
 * A second barrier: whatever went wrong before, nothing else than what devshm made is ever removed as a whole.
 *
 * @param what for people, with its article
 * @throws {DevshmError} `UNSAFE_FOLDER`
 */
export function requireOwn(folder: string, what: string, isOwn: (folder: string) => boolean): void {
  if (isOwn(folder)) return
  throw new DevshmError('UNSAFE_FOLDER', `${folder} is not ${what} of this user, so devshm does not remove it`, {
    hint: 'look at what put it there',
    details: { path: folder },
  })
}
