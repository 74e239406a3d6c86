import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const RECORD = join(import.meta.dirname, '../scripts/record.ts')

test('the session that the README shows is what happens, but for times and sizes', async () => {
  // Fails with both sessions' difference: the status of the script is its verdict.
  const { stderr } = await promisify(execFile)(process.execPath, [RECORD, '--check'])
  expect(stderr).toBe('')
})
