import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { namingFile } from './naming-file.ts'

test.skipIf(!existsSync('/dev/full'))('a write that fails says of which file', () => {
  const attempt = (): void => namingFile('/dev/full', () => writeFileSync('/dev/full', 'text'))
  expect(attempt).toThrow("ENOSPC: no space left on device, write '/dev/full'")
})

test('what names its file already, or is no failure of the system, stays as it is', () => {
  expect(() => namingFile('/a', () => readFileSync('/nowhere/b'))).toThrow(/^ENOENT: [^']*, open '\/nowhere\/b'$/)
  const bug = new TypeError('a bug')
  const attempt = (): void =>
    namingFile('/a', () => {
      throw bug
    })
  expect(attempt).toThrow(/^a bug$/)
  expect(namingFile('/a', () => 1)).toBe(1)
})
