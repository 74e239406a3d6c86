import { expect, test } from 'vitest'
import { isSettled } from './stamp.ts'

const NOW = 1_800_000_000_000
const SECOND = 1_000_000_000n

/** Of a file and its log, last written to so many nanoseconds before now. */
function stampOf(...ages: readonly bigint[]): string {
  return ages.map((age) => `12 4096 ${BigInt(NOW) * 1_000_000n - age} ${BigInt(NOW) * 1_000_000n - age}`).join(' / ')
}

test('a stamp is settled when what it says of both files is', () => {
  expect(isSettled(stampOf(60_000_001n, 60_000_001n), NOW)).toBe(true)
  expect(isSettled(stampOf(60_000_001n, 1n), NOW)).toBe(false)
  expect(isSettled(`${stampOf(60_000_001n)} / -`, NOW)).toBe(true)
})

test('whole seconds, as a RAM disk on macOS keeps them, prove nothing of the second that they are in', () => {
  expect(isSettled(`${stampOf(SECOND)} / -`, NOW)).toBe(false)
  expect(isSettled(`${stampOf(4n * SECOND)} / -`, NOW)).toBe(true)
})
