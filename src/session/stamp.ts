import { lookAt } from '../fs/look.ts'

/**
 * What the file system says about a live database: sizes and times of its file and log. A different stamp means *maybe
 * changed*; the content decides. An equal and settled one means certainly not written to.
 */
export function stampOf(live: string): string {
  return [live, `${live}-wal`]
    .map((path) => {
      const stats = lookAt(path)
      return stats === undefined ? '-' : [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ')
    })
    .join(' / ')
}

/** Longer than any tick of the clock that the kernel stamps files with (4 to 10 ms), in milliseconds. */
const TICK_MS = 50

/**
 * Whether a stamp taken at `takenAt` can be trusted to change with the next write. Two writes within one tick of the
 * clock share a time, so a stamp as young as that proves nothing (git calls this racy).
 */
export function isSettled(stamp: string, takenAt: number): boolean {
  const times = [...stamp.matchAll(/\d+ \d+ (\d+) (\d+)/g)].flatMap(([, mtime, ctime]) => [
    Number(mtime),
    Number(ctime),
  ])
  return times.every((nanoseconds) => nanoseconds / 1e6 < takenAt - TICK_MS)
}
