import { renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { findOpenFiles } from '../process/open-files.ts'
import { filesBelow } from '../volume/leased-folder.ts'

/** How many released clones wait to be removed, depending on how long it takes to look, and of how many bytes at most. */
const FEWEST_WAITING = 8
const MOST_WAITING = 128
const MOST_BYTES_WAITING = 64_000_000

/** What looking may cost for each of them, in milliseconds. */
const LOOK_PER_CLONE_MS = 0.2

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

interface Released {
  readonly folder: string
  readonly bytes: number
}

/**
 * Removes released clones. Looking through all processes for who has a file open takes milliseconds, so it is done for
 * many clones at once; a release itself takes microseconds, or as long as removing one file.
 *
 * @param onRemoved is told how many bytes have gone
 */
export function collectReleases(onRemoved: (bytes: number) => unknown): Releases {
  let waiting: Released[] = []
  /** Away from their paths, and nobody has them open. */
  const gone: Released[] = []
  /** Found open at the last look: they are not worth another one before time has passed. */
  let stillOpen = { count: 0, bytes: 0 }
  let worthALook = FEWEST_WAITING
  let pause = FIRST_LOOK_MS
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let last: Promise<void> = Promise.resolve()

  const look = async (): Promise<void> => {
    const looked = waiting.map((released) => ({ released, files: filesBelow(released.folder) }))
    const started = cpuMs()
    const open = await findOpenFiles(new Set(looked.flatMap(({ files }) => files)))
    worthALook = Math.max(FEWEST_WAITING, Math.min((cpuMs() - started) / LOOK_PER_CLONE_MS, MOST_WAITING))
    const closed = new Set<Released>()
    for (const { released, files } of looked) {
      if (files.some((file) => open.has(file))) continue
      closed.add(released)
      gone.push({ folder: takeAway(released.folder), bytes: released.bytes })
    }
    waiting = waiting.filter((released) => !closed.has(released))
    stillOpen = { count: waiting.length, bytes: bytesOf(waiting) }
    pause = waiting.length > 0 ? Math.min(2 * pause, LONGEST_PAUSE_MS) : FIRST_LOOK_MS
  }
  const removeOne = (): boolean => {
    const next = gone.pop()
    if (next === undefined) return false
    rmSync(next.folder, { recursive: true, force: true })
    onRemoved(next.bytes)
    return true
  }
  /** One look at a time. */
  const lookNow = async (): Promise<void> => {
    last = last.then(look, look)
    await last
  }
  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length > 0) await lookNow()
    while (removeOne());
    lookLater()
  }
  const lookLater = (): void => {
    if (isClosed || waiting.length + gone.length === 0) return
    // What fails here is tried again, and then told, by the next release that looks, or the end of the pool.
    timer ??= setTimeout(() => void flush().catch(() => undefined), pause).unref()
  }
  return {
    async add(folder, bytes) {
      // Just before the next clone is made: it is filled twice as fast with memory that was freed a moment ago.
      removeOne()
      waiting.push({ folder, bytes })
      const { count, bytes: open } = stillOpen
      if (bytesOf(waiting) + bytesOf(gone) - open >= MOST_BYTES_WAITING) await flush()
      else if (waiting.length - count >= worthALook) await lookNow()
      lookLater()
    },
    flush,
    async close() {
      isClosed = true
      await flush()
    },
  }
}

/** On a busy machine the time that passes says little of the work that is done. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function bytesOf(list: readonly Released[]): number {
  return list.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** In one step, so that a late opener gets an error and not a new, empty database. */
function takeAway(folder: string): string {
  const gone = join(dirname(folder), `.gone-${basename(folder)}`)
  try {
    renameSync(folder, gone)
  } catch (error) {
    // The test, or the end of the pool in its owner, was faster.
    if (systemCodeOf(error) !== 'ENOENT') throw error
  }
  return gone
}
