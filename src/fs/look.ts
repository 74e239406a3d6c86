import { lstatSync, readlinkSync, statSync, type BigIntStats } from 'node:fs'
import { systemCodeOf } from '../errors.ts'

// These block for some microseconds. A trip through Node's thread pool would take many times as long, and an attach
// looks at dozens of names.

/** A file whatever its names are: device and inode. Renames keep it, replacing does not. */
export type Inode = `${bigint}:${bigint}`

export function inodeOf(stats: BigIntStats): Inode {
  return `${stats.dev}:${stats.ino}`
}

/** Like {@link Inode}, and never the same for a later file, which may get the number of one that is gone. */
export type Identity = `${Inode}:${bigint}`

/** Where a file system does not know when a file was made, this says no more than the inode does. */
export function identityOf(stats: BigIntStats): Identity {
  return `${inodeOf(stats)}:${stats.birthtimeNs}`
}

/** `lstat`, or `undefined` where there is nothing. Other failures (no permission …) are thrown. */
export function lookAt(path: string): BigIntStats | undefined {
  return absentAsUndefined(() => lstatSync(path, { bigint: true, throwIfNoEntry: false }))
}

/** `stat` (links followed), or `undefined` where there is nothing or a link dangles. */
export function lookThrough(path: string): BigIntStats | undefined {
  return absentAsUndefined(() => statSync(path, { bigint: true, throwIfNoEntry: false }))
}

/** Of the file that a path leads to, links followed, if there is one. */
export function inodeBehind(path: string): Inode | undefined {
  const stats = lookThrough(path)
  return stats && inodeOf(stats)
}

/** What a symbolic link says, or `undefined` where there is no link. */
export function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'EINVAL' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function absentAsUndefined<T>(look: () => T | undefined): T | undefined {
  try {
    return look()
  } catch (error) {
    // A file where a folder was expected: `throwIfNoEntry` covers only a missing name.
    if (systemCodeOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}
