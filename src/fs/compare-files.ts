import { closeSync, fstatSync, openSync, read } from 'node:fs'

/** How much of each file is in memory at a time, in bytes: little enough to stay in the processor's cache. */
const CHUNK = 1 << 18

/**
 * Whether two files hold the same bytes, read in chunks with constant memory. `mask` may blank bytes that do not count;
 * it gets each chunk with its offset in the file. Neither file may be a database that this process has open.
 */
export async function filesAreEqual(
  a: string,
  b: string,
  mask: (chunk: Uint8Array, offset: number) => void = () => undefined,
): Promise<boolean> {
  // Only reading may wait for the disk: see `sync.ts`.
  using files = new DisposableStack()
  const [left, right] = [a, b].map((path) => files.adopt(openSync(path, 'r'), closeSync)) as [number, number]
  const { size } = fstatSync(left)
  if (size !== fstatSync(right).size) return false
  const ours = Buffer.allocUnsafe(Math.min(CHUNK, size))
  const theirs = Buffer.allocUnsafe(ours.length)
  for (let offset = 0; offset < size; offset += ours.length) {
    const chunks = [ours, theirs].map((buffer) => buffer.subarray(0, size - offset)) as [Buffer, Buffer]
    await Promise.all([readFully(left, chunks[0], offset), readFully(right, chunks[1], offset)])
    for (const chunk of chunks) mask(chunk, offset)
    if (chunks[0].compare(chunks[1]) !== 0) return false
  }
  return true
}

async function readFully(file: number, buffer: Buffer, position: number): Promise<void> {
  for (let done = 0; done < buffer.length;) {
    const length = await readOnce(file, buffer.subarray(done), position + done)
    if (length === 0) throw new Error(`file ended at byte ${position + done} while it was compared`)
    done += length
  }
}

async function readOnce(file: number, buffer: Buffer, position: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    read(file, buffer, 0, buffer.length, position, (error, bytesRead) => {
      if (error === null) resolve(bytesRead)
      else reject(error)
    })
  })
}
