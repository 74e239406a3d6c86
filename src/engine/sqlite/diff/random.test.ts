import { copyFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RowDiff, TableDiff } from '../../diff.ts'
import { createPlace } from '../databases.fixture.ts'
import { diff } from './index.ts'
import { quoted, randomCase, statementOf, type Case, type Edit } from './random-databases.fixture.ts'
import { slowDiff, wordsOf } from './slow-diff.fixture.ts'

test(
  'on random databases the diff says what a comparison of all rows one by one says',
  { timeout: 120_000 },
  async () => {
    using place = createPlace('ram')
    let number = 0
    const seen = { added: 0, removed: 0, changed: 0 }
    await fc.assert(
      fc.asyncProperty(randomCase, async (one) => {
        number += 1
        const [a, b] = create(one, place.path(`a${number}`), place.path(`b${number}`))
        const { tables } = await diff(a, b, { rows: true })
        for (const shape of one.shapes) {
          const expected = slowDiff(a, b, shape)
          const table = tables.find(({ name }) => name === shape.name)
          expect(table?.notCompared).toBeUndefined()
          const { added, removed, changed } = table ?? { added: 0, removed: 0, changed: 0 }
          expect({ counts: { added, removed, changed }, rows: rowsOf(table) }, shape.create).toEqual(expected)
          seen.added += added
          seen.removed += removed
          seen.changed += changed
        }
        const counted = await diff(a, b, { rows: false })
        expect(counted.tables).toEqual(tables.map(({ rows: _rows, rowsLeftOut: _left, ...counts }) => counts))
        expect(await diff(a, a, { rows: true })).toMatchObject({ schema: [], tables: [] })
        await expectReverse(a, b, tables)
      }),
      { numRuns: 300 },
    )
    // The test would prove nothing if the cases were all the same.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
  },
)

/** Looked at from the other side, what was added was removed. */
async function expectReverse(a: string, b: string, tables: readonly TableDiff[]): Promise<void> {
  const back = await diff(b, a, { rows: false })
  const turned = tables.map(({ name, added, removed, changed }) => ({ name, added: removed, removed: added, changed }))
  expect(back.tables.map(({ name, added, removed, changed }) => ({ name, added, removed, changed }))).toEqual(turned)
}

function create({ shapes, encoding, fill, edits }: Case, a: string, b: string): [string, string] {
  const script = shapes.map(({ create, name }) => create.replace('%', () => quoted(name)))
  run(a, [`pragma encoding = '${encoding}'`, ...script], fill, shapes)
  copyFileSync(a, b)
  run(b, [], edits, shapes)
  return [a, b]
}

function run(path: string, script: readonly string[], edits: readonly Edit[], shapes: Case['shapes']): void {
  using connection = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  connection.exec('pragma synchronous = off')
  for (const statement of script) connection.exec(statement)
  for (const edit of edits) {
    try {
      connection.exec(statementOf(edit, shapes))
    } catch (error) {
      // Random statements may violate a constraint, or mean a table that was dropped; nothing was done then.
      expect(String(error)).toMatch(
        /constraint|datatype|no such|already exists|cannot|may not|virtual tables|duplicate column/,
      )
    }
  }
}

function rowsOf(table: TableDiff | undefined): string[] {
  return (table?.rows ?? []).map(textOf).toSorted()
}

function textOf(row: RowDiff): string {
  if (row.change !== 'changed') {
    return `${row.change} ${row.values.map(({ column, value }) => `${column}: ${wordsOf(value)}`).join(', ')}`
  }
  const changes = row.columns.map(({ column, before, after }) => `${column}: ${wordsOf(before)} -> ${wordsOf(after)}`)
  return `changed ${changes.join(', ')}`
}
