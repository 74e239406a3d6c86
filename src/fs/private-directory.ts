import { closeSync, constants, fchmodSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { DevshmError, systemCodeOf } from '../errors.ts'

/**
 * Make sure that `path` is a folder of ours that nobody else can enter: created with mode 0700, or already there as a
 * real folder (no link) of this user with that mode. Its parent must exist.
 *
 * World-writable places such as `/dev/shm` let any user plant a folder or link first; a recursive `mkdir` would follow it.
 *
 * @throws {DevshmError} `UNSAFE_FOLDER`: something else is at that path; nothing was changed
 */
export function ensurePrivateDirectory(path: string): 'made' | 'was there' {
  try {
    mkdirSync(path, { mode: 0o700 })
    return 'made'
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
  }
  const problem = unsafeBecause(path)
  if (problem === 'mode') {
    // Ours, but somebody opened it up (a umask never does that): close it again before it is trusted.
    closeToOthers(path)
  } else if (problem !== undefined) {
    throw new DevshmError('UNSAFE_FOLDER', `${path} ${problem}, so devshm does not put data there`, {
      hint: 'remove it, or have its owner remove it; devshm makes a folder of its own there',
      details: { path },
    })
  }
  return 'was there'
}

/** By its descriptor: in a folder that others may write to, its name may lead somewhere else by now. */
function closeToOthers(path: string): void {
  const folder = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    fchmodSync(folder, 0o700)
  } finally {
    closeSync(folder)
  }
}

/** Why an existing folder cannot be trusted; `'mode'` means that only its permission bits are too wide. */
export function unsafeBecause(path: string): string | undefined {
  const stats = lstatSync(path)
  if (stats.isSymbolicLink()) return 'is a symbolic link'
  if (!stats.isDirectory()) return 'is not a folder'
  if (stats.uid !== process.geteuid?.()) return `belongs to another user (uid ${stats.uid})`
  return (stats.mode & 0o777) === 0o700 ? undefined : 'mode'
}
