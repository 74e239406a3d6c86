import { statSync, type BigIntStats } from 'node:fs'
import { expect, test } from 'vitest'
import { isAsStamped, isSettled, stampOf } from './stamp.ts'

const STATS = statSync(import.meta.filename, { bigint: true })
const NOW = 1_800_000_000_000
const MS = 1_000_000n

test.for(['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const)('a file of another %s is not as stamped', (part) => {
  expect(isAsStamped(stampOf(STATS), STATS)).toBe(true)
  expect(isAsStamped(stampOf(STATS), { ...STATS, [part]: STATS[part] + 1n })).toBe(false)
})

test('a stamp is settled once it is older than a tick of the clock', () => {
  expect(isSettled(agesOf(51n, 51n), NOW)).toBe(true)
  expect(isSettled(agesOf(49n, 10_000n), NOW)).toBe(false)
  expect(isSettled(agesOf(10_000n, 49n), NOW)).toBe(false)
})

test('a stamp from the future, as after the clock was set back, is not settled', () => {
  expect(isSettled(agesOf(-3_600_000n, 51n), NOW)).toBe(false)
  expect(isSettled(agesOf(51n, -3_600_000n), NOW)).toBe(false)
})

test('where the file system keeps whole seconds, it takes longer', () => {
  expect(isSettled(agesOf(2_000n, 2_000n), NOW)).toBe(false)
  expect(isSettled(agesOf(4_000n, 4_000n), NOW)).toBe(true)
})

/** Times so many milliseconds before now. */
function agesOf(mtime: bigint, ctime: bigint): BigIntStats {
  const now = BigInt(NOW) * MS
  return { ...STATS, mtimeNs: now - mtime * MS, ctimeNs: now - ctime * MS }
}
