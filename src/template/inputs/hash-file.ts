import { createHash, hash } from 'node:crypto'
import { readSync } from 'node:fs'

/** One buffer for all files, as most inputs are small. */
const CHUNK = Buffer.allocUnsafeSlow(256 * 1024)

/** SHA-256 of an open file in hex, from where it is read next, whatever its size in constant memory. */
export function hashOfFile(file: number): string {
  const first = CHUNK.subarray(0, fill(file))
  if (first.length < CHUNK.length) return hash('sha256', first)
  const all = createHash('sha256').update(first)
  for (let length = fill(file); length > 0; length = fill(file)) all.update(CHUNK.subarray(0, length))
  return all.digest('hex')
}

/** Less than a full chunk means that the file ends there. */
function fill(file: number): number {
  let length = 0
  for (let read = -1; read !== 0 && length < CHUNK.length;) {
    read = readSync(file, CHUNK, length, CHUNK.length - length, null)
    length += read
  }
  return length
}
