import { copyFileSync, existsSync, mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { judge, makeInvariantDatabase } from './invariant.ts'

const folder = mkdtempSync(join(tmpdir(), 'devshm-invariant-'))
afterAll(() => rmSync(folder, { recursive: true }))
const source = join(folder, 'source')
makeInvariantDatabase(source, 'delete')

/** A copy, changed; the writer's transaction is number 7. */
function copyWith(sql: string): string {
  const copy = join(folder, 'copy')
  copyFileSync(source, copy)
  using connection = new DatabaseSync(copy)
  connection.exec(sql)
  return copy
}

const SEVEN = 'update leaf set number = 7 where id % 5 = 0; update counter set number = 7'

test('a copy of one transaction, not older than what was acknowledged, is whole', () => {
  expect(judge(copyWith(SEVEN), 7n)).toBe('whole')
  expect(judge(copyWith(SEVEN), 6n)).toBe('whole')
})

test('one that lacks what was acknowledged is stale', () => {
  expect(judge(copyWith(SEVEN), 8n)).toBe('stale')
})

test('one with a part of a transaction, or that SQLite cannot read, is torn; none of it stays', () => {
  expect(judge(copyWith(`${SEVEN}; update leaf set number = 8 where id = 100`), 7n)).toBe('torn')
  expect(judge(copyWith(`${SEVEN}; update counter set number = 8`), 7n)).toBe('torn')
  const cut = copyWith(SEVEN)
  truncateSync(cut, 100_000)
  expect(judge(cut, 7n)).toBe('torn')
  expect(existsSync(cut)).toBe(false)
})
