import { expect, test } from 'vitest'
import type { DatabaseDiff, TableDiff } from '../../engine/diff.ts'
import { renderComparison } from './diff.ts'
import { escapeControls } from '../../fs/escape-controls.ts'
import { renderChange, renderValue } from './diff-values.ts'

const table = (facts: Partial<TableDiff>): TableDiff => ({
  name: 'shop_order',
  added: 0,
  removed: 0,
  changed: 0,
  matchedBy: 'primary key',
  key: ['id'],
  ...facts,
})

function render(diff: Partial<DatabaseDiff>): string[] {
  const before = { label: 'friday', kind: 'snapshot', path: '/p/friday' } as const
  const after = { label: 'now', kind: 'current', path: '/p/live' } as const
  const whole = { schema: [], tables: [], unchangedTables: 17, ...diff }
  return renderComparison({ origin: '/p/db.sqlite3', before, after, diff: whole }, '/p')
}

test('tables with their counts stand in columns', () => {
  const tables = [table({ added: 1, changed: 12 }), table({ name: 'catalog_product', changed: 2 })]
  expect(render({ tables })).toEqual([
    'db.sqlite3: friday → now',
    '  shop_order       +1  ~12',
    '  catalog_product       ~2',
    '',
    '  1 row added, 14 changed in 2 tables',
  ])
})

test('rows are told with what changed in them', () => {
  const rows: TableDiff['rows'] = [
    { change: 'changed', key: [17], columns: [{ column: 'status', before: 'new', after: 'paid' }] },
    {
      change: 'removed',
      key: [3],
      values: [
        { column: 'id', value: 3 },
        { column: 'note', value: null },
      ],
    },
    { change: 'added', key: ['a', 1], values: [{ column: 'note', value: 'x' }] },
  ]
  expect(render({ tables: [table({ added: 1, removed: 1, changed: 5, rows, rowsLeftOut: 4 })] })).toEqual([
    'db.sqlite3: friday → now',
    "  ~ shop_order 17: status 'new' → 'paid'",
    '  - shop_order 3: note NULL',
    "  + shop_order ('a', 1): note 'x'",
    '    … and 4 more rows of shop_order (--limit all)',
    '',
    '  1 row added, 1 removed, 5 changed in 1 table',
  ])
})

test('no difference, changes of the schema, and what could not be compared are said in so many words', () => {
  expect(render({}).at(-1)).toBe('  no difference in 17 tables')
  const columns = [{ name: 'note', change: 'added', after: 'text' }] as const
  expect(
    render({
      schema: [{ kind: 'table', name: 't', change: 'changed', columns }],
      tables: [table({ notCompared: 'no such collation sequence: german' })],
    }),
  ).toEqual([
    'db.sqlite3: friday → now',
    '  ~ table t',
    '      + note text',
    '',
    '  shop_order could not be compared: no such collation sequence: german',
    '',
    '  1 change of the schema; 1 table not compared',
  ])
})

test('nothing in a database can drive the terminal or forge a line', () => {
  const hostile = '\u001b]0;title\u0007\n+ forged\u202eback\u0085\u2028'
  expect(renderValue(hostile)).toBe(String.raw`'\x1b]0;title\x07\n+ forged\u{202e}back\x85\u{2028}'`)
  expect(escapeControls('plain, ☃ and é')).toBe('plain, ☃ and é')
  const rows: TableDiff['rows'] = [{ change: 'added', key: [hostile], values: [{ column: hostile, value: hostile }] }]
  const columns = [{ name: hostile, change: 'added', after: hostile }] as const
  const lines = render({
    schema: [{ kind: 'table', name: hostile, change: 'changed', columns }],
    tables: [table({ name: hostile, added: 1, rows, rowsLeftOut: 1 }), table({ name: hostile, notCompared: hostile })],
  })
  for (const line of lines) expect(line).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}]*$/u)
})

test('long values are shortened, around the difference', () => {
  expect(renderValue('a'.repeat(41))).toBe(`'${'a'.repeat(40)}'…`)
  const change = renderChange({ before: `${'a'.repeat(100)}b`, after: `${'a'.repeat(100)}c` })
  expect(change).toBe(`…'${'a'.repeat(12)}b' → …'${'a'.repeat(12)}c'`)
  const blob = (sha256: string) => ({ blob: { bytes: 2000, hex: '00'.repeat(16), sha256 } })
  expect(renderChange({ before: blob('1234567890'), after: blob('abcdef0123') })).toBe(
    'blob (2.0 KB, sha256 12345678…) → blob (2.0 KB, sha256 abcdef01…)',
  )
  expect([1, { real: '1.0' }, { integer: '9007199254740993' }, "it's", null].map(renderValue)).toEqual([
    '1',
    '1.0',
    '9007199254740993',
    "'it''s'",
    'NULL',
  ])
})
