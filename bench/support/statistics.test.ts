import { expect, test } from 'vitest'
import { dividedBy, growth, median, round } from './statistics.ts'

test('the median is the middle one, or between the two in the middle', () => {
  expect(median([3])).toBe(3)
  expect(median([9, 1, 5])).toBe(5)
  expect(median([10, 9, 1, 2])).toBe(5.5)
  expect(() => median([])).toThrow('there is no median of nothing')
})

test('ratios are within the rounds, and only of rounds that both took part in', () => {
  expect(dividedBy([2, 9, 8], [1, 3, 4])).toEqual([2, 3, 2])
  expect(dividedBy([2, 9, 8], [1])).toEqual([2])
  expect(dividedBy([], [1, 2])).toEqual([])
})

test('growth is the power, whatever lies between and in whatever order', () => {
  const square = [10, 1, 100].map((x) => ({ x, y: 3 * x ** 2 }))
  expect(growth(square)).toBeCloseTo(2)
  expect(growth([1, 1000].map((x) => ({ x, y: 7 })))).toBe(0)
  expect(() => growth([{ x: 1, y: 7 }])).toThrow('growth needs two sizes')
})

test.for([
  [0, '0'],
  [0.047_91, '0.0479'],
  [1.355, '1.35'],
  [12.34, '12.3'],
  [768.4, '768'],
  [34_695, '34,695'],
] as const)('%d in three digits is %s', ([value, text]) => {
  expect(round(value)).toBe(text)
})
