import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isAsStamped, stampOf } from './stamp.ts'

const STATS = statSync(import.meta.filename, { bigint: true })

test.for(['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const)('a file of another %s is not as stamped', (part) => {
  expect(isAsStamped(stampOf(STATS), STATS)).toBe(true)
  expect(isAsStamped(stampOf(STATS), { ...STATS, [part]: STATS[part] + 1n })).toBe(false)
})
