import { expect, test } from 'vitest'
import { median, ratioOf } from './statistics.ts'

test('the median of an odd and of an even number of values, whatever their order', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([9, 1, 5, 3])).toBe(4)
  expect(() => median([])).toThrow(RangeError)
})

test('a ratio is that within the rounds, so that a disturbed round counts once', () => {
  expect(ratioOf([10, 400, 12], [1, 40, 1])).toBe(10)
})

test('of series of different lengths it is the ratio of their medians', () => {
  expect(ratioOf([14_000], [100, 140, 120])).toBeCloseTo(14_000 / 120)
})
