import { readFileSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { whyFormatCannotRun } from './executable-format.ts'

function reasonFor(content: string | Buffer): string | undefined {
  using place = mkdtempDisposableSync(join(tmpdir(), 'devshm-format-'))
  const file = join(place.path, 'program')
  writeFileSync(file, content)
  return whyFormatCannotRun(file)?.reason
}

test('what runs here is not held up: a binary, scripts with and without a first line, an empty file', () => {
  expect(whyFormatCannotRun(process.execPath)).toBeUndefined()
  expect(reasonFor('#!/bin/sh\necho')).toBeUndefined()
  expect(reasonFor('#! /usr/bin/env python3\n')).toBeUndefined()
  expect(reasonFor('echo hello\n')).toBeUndefined()
  expect(reasonFor('')).toBeUndefined()
  expect(whyFormatCannotRun('/no/such/file')).toBeUndefined()
})

test('a missing interpreter is named', () => {
  expect(reasonFor('#!/no/such/python -u\n')).toBe('its interpreter "/no/such/python" does not exist')
  expect(reasonFor('#!/bin/sh\r\necho\r\n')).toBe('its interpreter "/bin/sh\\r" does not exist')
})

test.runIf(process.platform === 'linux')('a damaged binary, or one for another machine, is refused', () => {
  const foreign = readFileSync(process.execPath).subarray(0, 4096)
  foreign.writeUInt16LE(0xfe, 18)
  expect(reasonFor(foreign)).toMatch(/format/)
  expect(reasonFor('\x7fELF\x02\x01\0garbage')).toMatch(/format/)
  expect(reasonFor('PK\x03\x04\0\0')).toMatch(/format/)
})
