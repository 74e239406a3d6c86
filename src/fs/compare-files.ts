import { open, type FileHandle } from 'node:fs/promises'

/** How much of each file is in memory at a time, in bytes. */
const CHUNK = 1 << 20

/**
 * Whether two files hold the same bytes, read in chunks with constant memory. `mask` may blank bytes that do not count;
 * it gets each chunk with its offset in the file. Neither file may be a database that this process has open.
 */
export async function filesAreEqual(
  a: string,
  b: string,
  mask: (chunk: Uint8Array, offset: number) => void = () => undefined,
): Promise<boolean> {
  const left = await open(a, 'r')
  try {
    const right = await open(b, 'r')
    try {
      return await sameBytes(left, right, mask)
    } finally {
      await right.close()
    }
  } finally {
    await left.close()
  }
}

async function sameBytes(
  left: FileHandle,
  right: FileHandle,
  mask: (chunk: Uint8Array, offset: number) => void,
): Promise<boolean> {
  const size = (await left.stat()).size
  if (size !== (await right.stat()).size) return false
  const ours = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(size, 1)))
  const theirs = Buffer.allocUnsafe(ours.length)
  for (let offset = 0; offset < size;) {
    const length = Math.min(ours.length, size - offset)
    await Promise.all([readFully(left, ours, length, offset), readFully(right, theirs, length, offset)])
    const a = ours.subarray(0, length)
    const b = theirs.subarray(0, length)
    mask(a, offset)
    mask(b, offset)
    if (a.compare(b) !== 0) return false
    offset += length
  }
  return true
}

async function readFully(file: FileHandle, buffer: Buffer, length: number, position: number): Promise<void> {
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done)
    if (bytesRead === 0) throw new Error(`file ended at byte ${position + done} while it was compared`)
    done += bytesRead
  }
}
