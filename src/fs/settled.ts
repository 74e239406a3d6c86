import type { BigIntStats } from 'node:fs'

const SECOND = 1_000_000_000n

/** Longer than any tick of the clock that the kernel stamps files with (4 to 10 ms). */
const TICK = 50_000_000n

/** Some file systems keep whole seconds only (HFS+, as of RAM disks on macOS; ext3), FAT every other one. */
const COARSE_TICK = 3n * SECOND

/**
 * Whether every write after `takenAt` (`Date.now()`) will change a file's times. Two writes within one tick share their
 * time, so one as young as that proves nothing (git calls this racy), nor does one from the future: the clock was set
 * back.
 */
export function isSettled({ mtimeNs, ctimeNs }: Pick<BigIntStats, 'mtimeNs' | 'ctimeNs'>, takenAt: number): boolean {
  const tick = ctimeNs % SECOND === 0n ? COARSE_TICK : TICK
  const latest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
  return latest < BigInt(takenAt) * 1_000_000n - tick
}
