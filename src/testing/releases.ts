import { renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { findOpenFiles } from '../process/open-files.ts'
import { filesBelow } from '../volume/leased-folder.ts'

/** How many released clones may wait to be removed, and of how many bytes. */
const MOST_WAITING = 128
const MOST_BYTES_WAITING = 64_000_000

/** How long a released clone waits for others, and at most for whoever has it open, in milliseconds. */
const FIRST_LOOK_MS = 200
const LONGEST_PAUSE_MS = 5_000

export interface Releases {
  /** Remove a clone's folder soon, if nobody has a file of it open; otherwise when it is closed. */
  add(folder: string, bytes: number): Promise<void>
  /** Look now, and remove what nobody has open. */
  flush(): Promise<void>
  /** Look for the last time. What is still open stays for a sweep. */
  close(): Promise<void>
}

/**
 * Removes released clones. Looking through all processes for who has a file open takes milliseconds, so it is done for
 * many clones at once; a release itself takes microseconds.
 *
 * @param onRemoved is told how many bytes have gone
 */
export function collectReleases(onRemoved: (bytes: number) => void): Releases {
  const waiting = new Map<string, number>()
  let bytesWaiting = 0
  /** Found open at the last look: they are not worth another one before time has passed. */
  let stillOpen = { count: 0, bytes: 0 }
  let pause = FIRST_LOOK_MS
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let last: Promise<void> = Promise.resolve()

  const look = async (): Promise<void> => {
    const folders = [...waiting].map(([folder, bytes]) => ({ folder, bytes, files: filesBelow(folder) }))
    const open = await findOpenFiles(new Set(folders.flatMap(({ files }) => files)))
    for (const { folder, bytes, files } of folders) {
      if (files.some((file) => open.has(file))) continue
      removeAtOnce(folder)
      waiting.delete(folder)
      bytesWaiting -= bytes
      onRemoved(bytes)
    }
    pause = waiting.size > 0 ? Math.min(2 * pause, LONGEST_PAUSE_MS) : FIRST_LOOK_MS
    stillOpen = { count: waiting.size, bytes: bytesWaiting }
    lookLater()
  }
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    // One look at a time.
    last = last.then(look, look)
    await last
  }
  const lookLater = (): void => {
    if (waiting.size === 0 || isClosed) return
    timer ??= setTimeout(() => void flush(), pause).unref()
  }
  return {
    async add(folder, bytes) {
      waiting.set(folder, bytes)
      bytesWaiting += bytes
      const { count, bytes: open } = stillOpen
      if (waiting.size - count >= MOST_WAITING || bytesWaiting - open >= MOST_BYTES_WAITING) await flush()
      else lookLater()
    },
    flush: async () => {
      if (waiting.size > 0) await flush()
    },
    async close() {
      isClosed = true
      await flush()
    },
  }
}

/** Gone from its path in one step, so that a late opener gets an error and not a new, empty database. */
function removeAtOnce(folder: string): void {
  const gone = join(dirname(folder), `.gone-${basename(folder)}`)
  try {
    renameSync(folder, gone)
  } catch (error) {
    // The test, or the end of the pool in its owner, was faster.
    if (systemCodeOf(error) === 'ENOENT') return
    throw error
  }
  rmSync(gone, { recursive: true, force: true })
}
