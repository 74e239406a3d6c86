import { statfs } from 'node:fs/promises'
import { DevshmError } from '../errors.ts'
import { formatBytes } from './format-bytes.ts'

/** Bytes that this user can still write on the file system of `path`. */
export async function freeBytes(path: string): Promise<number> {
  const facts = await statfs(path)
  return facts.bavail * facts.bsize
}

/**
 * Check for room before anything is written.
 *
 * @throws {DevshmError} `NO_SPACE` with both numbers; nothing was written
 */
export async function requireSpace(path: string, bytes: number, purpose: string): Promise<void> {
  const free = await freeBytes(path)
  if (free >= bytes) return
  throw new DevshmError('NO_SPACE', `${purpose} needs ${formatBytes(bytes)}, ${path} has ${formatBytes(free)} free`, {
    hint: `free some space there and try again`,
    details: { path, neededBytes: bytes, freeBytes: free },
  })
}
