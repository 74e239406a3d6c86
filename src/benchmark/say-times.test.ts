import { expect, test } from 'vitest'
import { sayMs, sayRatio } from './say-times.ts'

test.for([
  [0, '0 ms'],
  [0.0451, '0.0451 ms'],
  [0.8449, '0.845 ms'],
  [31.26, '31.3 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [13_940, '13.9 s'],
  [240_400, '240 s'],
] as const)('%d milliseconds are %s', ([ms, said]) => expect(sayMs(ms)).toBe(said))

test.for([
  [0.756, '0.76 ×'],
  [1.049, '1.05 ×'],
  [7.636, '7.6 ×'],
  [9.96, '10 ×'],
  [1234.5, '1235 ×'],
] as const)('a ratio of %d is %s', ([ratio, said]) => expect(sayRatio(ratio)).toBe(said))
