import { expect, test } from 'vitest'
import { isSettled } from './settled.ts'

const NOW = 1_800_000_000_000
const MS = 1_000_000n

test('times are settled once they are older than a tick of the clock', () => {
  expect(isSettled(agesOf(51n, 51n), NOW)).toBe(true)
  expect(isSettled(agesOf(49n, 10_000n), NOW)).toBe(false)
  expect(isSettled(agesOf(10_000n, 49n), NOW)).toBe(false)
})

test('times in the future, as after the clock was set back, are not settled', () => {
  expect(isSettled(agesOf(-3_600_000n, 51n), NOW)).toBe(false)
  expect(isSettled(agesOf(51n, -3_600_000n), NOW)).toBe(false)
})

test('where the file system keeps whole seconds, it takes longer', () => {
  expect(isSettled(agesOf(2_000n, 2_000n), NOW)).toBe(false)
  expect(isSettled(agesOf(4_000n, 4_000n), NOW)).toBe(true)
})

/** Times so many milliseconds before now. */
function agesOf(mtime: bigint, ctime: bigint): { mtimeNs: bigint; ctimeNs: bigint } {
  const now = BigInt(NOW) * MS
  return { mtimeNs: now - mtime * MS, ctimeNs: now - ctime * MS }
}
