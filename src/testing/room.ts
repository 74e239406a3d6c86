import { statfsSync } from 'node:fs'
import { formatBytes } from '../fs/format-bytes.ts'
import { bytesOfClones } from '../volume/clone-folder.ts'
import { availableMemory } from '../volume/memory.ts'
import type { RamPlace } from './handle.ts'

/** How long a measurement of what others take is good for, in milliseconds. */
const MEASURE_EVERY_MS = 500

/** What must stay free besides a clone and as much again, for what the test writes and its journal, in bytes. */
const MARGIN_BYTES = 4_000_000

/** The bytes that a volume must have free for a clone of this size. */
export function roomFor(bytes: number): number {
  return 2 * bytes + MARGIN_BYTES
}

/** Whether there is room for more clones in the volume. */
export interface Room {
  /**
   * Take room for a clone of so many bytes, before it is copied.
   *
   * @returns why there is none, for people; `undefined`: there was
   */
  take(bytes: number): string | undefined
  /** Clones of so many bytes have gone. */
  giveBack(bytes: number): void
}

/**
 * Measures what all clones of this user take, with what tests wrote to them, every now and then, and counts in between.
 * The free space is looked at each time.
 */
export function watchRoom({ volume, folder, budget }: RamPlace): Room {
  let measuredAt = Number.NEGATIVE_INFINITY
  let used = 0
  let memory = 0
  const measure = (): void => {
    const now = performance.now()
    if (now - measuredAt < MEASURE_EVERY_MS) return
    measuredAt = now
    used = bytesOfClones({ path: volume })
    memory = availableMemory()
  }
  return {
    take(bytes) {
      measure()
      if (used + bytes > budget) return `all clones together may take ${formatBytes(budget)} of ${volume}`
      const { bavail, bsize } = statfsSync(folder)
      const free = Math.min(bavail * bsize, memory)
      if (free < roomFor(bytes)) return `${volume} has ${formatBytes(free)} free`
      used += bytes
      memory -= bytes
      return undefined
    },
    giveBack(bytes) {
      used -= bytes
      memory += bytes
    },
  }
}
