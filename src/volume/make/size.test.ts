import { expect, test } from 'vitest'
import { formatSize, parseSize } from './size.ts'

test.for([
  ['128M', 128 * 2 ** 20],
  ['128', 128 * 2 ** 20],
  ['1g', 2 ** 30],
  ['1.5G', 1.5 * 2 ** 30],
  ['512 MiB', 512 * 2 ** 20],
  ['64mb', 64 * 2 ** 20],
  ['5k', 8192],
] as const)('%s is a size in powers of 1024, in whole pages', ([text, bytes]) => {
  expect(parseSize(text)).toBe(bytes)
})

test.for(['', 'M', '-1M', '1e3', '12X', '1 2M', '0x10', 'NaN'])('%o is none', (text) => {
  expect(parseSize(text)).toBeUndefined()
})

test('a size is written as mount reads it', () => {
  expect([128 * 2 ** 20, 2 ** 30, 1.5 * 2 ** 30, 8192, 4097].map(formatSize)).toEqual([
    '128M',
    '1G',
    '1536M',
    '8K',
    '4097',
  ])
})
