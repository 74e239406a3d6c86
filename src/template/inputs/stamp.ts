import type { BigIntStats } from 'node:fs'

/**
 * What the file system says of a file: device, inode, size, and when its content and anything about it last changed. Five
 * numbers in a column that holds those of many files, as ten thousand small arrays take longer to make than to compare.
 */
export interface Stamp {
  readonly column: BigInt64Array
  /** Index of the first of them. */
  readonly at: number
}

export const STAMP_LENGTH = 5

export function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Stamp {
  return { column: BigInt64Array.of(dev, ino, size, mtimeNs, ctimeNs), at: 0 }
}

export function numbersOf({ column, at }: Stamp): BigInt64Array {
  return column.subarray(at, at + STAMP_LENGTH)
}

/**
 * Whether a file is as it was when it was stamped. `ctime` is the one that nobody can set: it tells of a write after
 * which the other time was put back (`cp -p`, `touch -r`, an unpacked archive).
 */
export function isAsStamped({ column, at }: Stamp, { dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): boolean {
  return (
    column[at + 4] === ctimeNs &&
    column[at + 3] === mtimeNs &&
    column[at + 2] === size &&
    column[at + 1] === ino &&
    column[at] === dev
  )
}
