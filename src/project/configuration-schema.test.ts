import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { schemaFile, schemaText } from '../../scripts/write-schema.ts'

test('the published JSON schema is up to date (else run scripts/write-schema.ts)', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(schemaText())
})
