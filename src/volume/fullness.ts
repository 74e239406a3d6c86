import { memoryLeftInLimit } from './memory.ts'
import type { Volume } from './volume.ts'

/** From this share of a volume on it is worth a warning. */
export const NEARLY_FULL = 0.9

/**
 * How full a volume is, from 0 to 1. Where a container's memory limit leaves less than the volume has free, what it
 * leaves is all that there is.
 */
export function fullnessOf({ totalBytes, usedBytes }: Pick<Volume, 'totalBytes' | 'usedBytes'>): number {
  const room = Math.min(totalBytes, usedBytes + (memoryLeftInLimit() ?? Number.POSITIVE_INFINITY))
  return room === 0 ? 0 : usedBytes / room
}
