import { expect, test } from 'vitest'
import { bounds, decadeLabel, short, shortCount } from './scale.ts'

test('an axis is of all values, to the next 1, 2 or 5, and of a decade at least', () => {
  expect(bounds([3, 250])).toEqual([2, 500])
  expect(bounds([0.047, 18_073])).toEqual([0.02, 20_000])
  expect(bounds([1000, 1_000_000])).toEqual([1000, 1_000_000])
  expect(bounds([0.3])).toEqual([0.2, 2])
  expect(() => bounds([1, 0])).toThrow('values above 0')
  expect(() => bounds([])).toThrow('values above 0')
})

test.for([
  [0.0479, 'ms', '48 µs'],
  [0.999, 'ms', '1 ms'],
  [1.44, 'ms', '1.4 ms'],
  [84.4, 'ms', '84 ms'],
  [716, 'ms', '716 ms'],
  [1000, 'ms', '1 s'],
  [18_073, 'ms', '18 s'],
  [100_000, 'ms', '100 s'],
  [1.81, 'µs', '1.8 µs'],
  [34_695, 'µs', '35 ms'],
  [2_000_000, 'µs', '2 s'],
  [1250, 'rows', '1,250 rows'],
] as const)('%d %s are shown as %s', ([value, unit, text]) => {
  expect(short(value, unit)).toBe(text)
})

test('an axis names powers of ten only', () => {
  expect([0.02, 0.1, 1, 10, 500, 1000].map((value) => decadeLabel(value, 'ms'))).toEqual([
    '',
    '100 µs',
    '1 ms',
    '10 ms',
    '',
    '1 s',
  ])
})

test('counts are short too', () => {
  expect([1, 300, 10_000, 1_000_000].map(shortCount)).toEqual(['1', '300', '10k', '1M'])
})
