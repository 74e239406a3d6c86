import { dirname } from 'node:path'
import { lookAt, lookThrough } from './look.ts'

const ALL_MAY_WRITE = 0o002n

/** Whether a folder is one that everybody may put something into, such as `/tmp`. */
export function mayHoldStrangers(folder: string): boolean {
  return ((lookThrough(folder)?.mode ?? 0n) & ALL_MAY_WRITE) !== 0n
}

/**
 * Whether somebody else may have put this file, folder or link there: everybody may write to the folder that it is in, and it
 * belongs neither to this user, nor to root, nor to the owner of that folder. The kernel may refuse to follow such links
 * itself (`fs.protected_symlinks`), or may not.
 */
export function isByStranger(path: string): boolean {
  const folder = dirname(path)
  if (!mayHoldStrangers(folder)) return false
  const owner = lookAt(path)?.uid
  return owner !== undefined && ![0n, BigInt(process.geteuid?.() ?? 0), lookThrough(folder)?.uid].includes(owner)
}
