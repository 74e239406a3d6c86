import { expect, test } from 'vitest'
import { formatBytes } from './format-bytes.ts'

test.for([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1_000, '1.0 KB'],
  [12_400_000, '12.4 MB'],
  [99_949, '99.9 KB'],
  [99_950, '100 KB'],
  [840_000, '840 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [999_999, '1.0 MB'],
  [5e9, '5.0 GB'],
  [2.5e12, '2.5 TB'],
  [3e15, '3000 TB'],
] as const)('%d bytes are %s', ([bytes, text]) => {
  expect(formatBytes(bytes)).toBe(text)
})
