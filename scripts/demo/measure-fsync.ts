import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const TRIES = 20

/** How long a commit of one page waits for this disk: the median of 20 fsyncs in `folder`, in milliseconds. */
export function measureFsync(folder: string): number {
  const path = join(folder, 'fsync-probe')
  const page = Buffer.alloc(4096, 1)
  const file = openSync(path, 'wx')
  try {
    const times = Array.from({ length: TRIES }, () => {
      writeSync(file, page)
      const before = performance.now()
      fsyncSync(file)
      return performance.now() - before
    })
    return times.toSorted((a, b) => a - b)[TRIES / 2] ?? 0
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
