import { lookAt } from '../fs/look.ts'
import { isSettled as areTimesSettled } from '../fs/settled.ts'

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

/** What {@link stampOf} says, if the next write will certainly change it; else `undefined`: then only the content tells. */
export function settledStampOf(live: string): string | undefined {
  const takenAt = Date.now()
  const stamp = stampOf(live)
  return isSettled(stamp, takenAt) ? stamp : undefined
}

/** Whether a stamp taken at `takenAt` can be trusted to change with the next write: see {@link areTimesSettled}. */
export function isSettled(stamp: string, takenAt: number): boolean {
  const times = [...stamp.matchAll(/\d+ \d+ (\d+) (\d+)/g)]
  return times.every(([, mtime = '', ctime = '']) =>
    areTimesSettled({ mtimeNs: BigInt(mtime), ctimeNs: BigInt(ctime) }, takenAt),
  )
}
