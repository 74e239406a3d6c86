import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { DatabaseDiff } from '../../diff.ts'
import { createDatabase, createPlace } from '../databases.fixture.ts'
import { diff } from './index.ts'

/** The diff of two databases made by two scripts, the second one after the first. */
async function diffOf(script: string, then: string): Promise<DatabaseDiff> {
  using place = createPlace('ram')
  createDatabase(place.path('a'), script)
  createDatabase(place.path('b'), script)
  createDatabase(place.path('b'), then)
  return await diff(place.path('a'), place.path('b'), { rows: true })
}

/** The values of a column that changed, by the row's key. */
function changes({ tables }: DatabaseDiff): unknown[] {
  return tables.flatMap(({ rows = [] }) =>
    rows.flatMap((row) => (row.change === 'changed' ? row.columns.map((c) => [row.key[0], c.before, c.after]) : [])),
  )
}

test('values differ by type, by case and by every digit, whatever the column is declared as', async () => {
  const script = `create table t (id integer primary key, v collate nocase);
    insert into t values (1, 1), (2, 'a'), (3, '1'), (4, null), (5, 9007199254740993), (6, 0.1), (7, x'00'), (8, 'same')`
  const found = await diffOf(
    script,
    `update t set v = 1.0 where id = 1; update t set v = 'A' where id = 2; update t set v = x'31' where id = 3;
      update t set v = 0 where id = 4; update t set v = 9007199254740992 where id = 5;
      update t set v = 0.30000000000000004 where id = 6; update t set v = zeroblob(100) where id = 7;
      update t set v = 'same' where id = 8`,
  )
  const hash = 'cd00e292c5970d3c5e2f0ffa5171e555bc46bfc4faddfb4a418b6840b86e79a3'
  expect(changes(found)).toEqual([
    [1, 1, { real: '1.0' }],
    [2, 'a', 'A'],
    [3, '1', { blob: { bytes: 1, hex: '31' } }],
    [4, null, 0],
    [5, { integer: '9007199254740993' }, { integer: '9007199254740992' }],
    [6, 0.1, 0.30000000000000004],
    [7, { blob: { bytes: 1, hex: '00' } }, { blob: { bytes: 100, hex: '0'.repeat(32), sha256: hash } }],
  ])
  expect(JSON.parse(JSON.stringify(found))).toEqual(found)
})

test('the schema: what came, went and changed, with the columns of a table', async () => {
  const found = await diffOf(
    `create table t (id integer primary key, gone, kept text); create view v as select 1; create index i on t (kept);
      create trigger tr after insert on t begin select 1; end; create table old (x unique)`,
    `drop index i; drop view v; alter table t drop column gone; alter table t add column new int not null default 3;
      create view v as select 2; drop trigger tr; drop table old; create table "odd "" name" (x unique)`,
  )
  expect(found.schema.map(({ kind, name, change, columns }) => [kind, name, change, columns])).toEqual([
    ['table', 'odd " name', 'added', undefined],
    ['table', 'old', 'removed', undefined],
    [
      'table',
      't',
      'changed',
      [
        { name: 'gone', change: 'removed', before: 'of any type' },
        { name: 'new', change: 'added', after: 'INT not null default 3' },
      ],
    ],
    ['index', 'i', 'removed', undefined],
    ['view', 'v', 'changed', undefined],
    ['trigger', 'tr', 'removed', undefined],
  ])
})

test('rows of a table whose columns differ are compared by the columns of both', async () => {
  const { tables } = await diffOf(
    'create table t (id integer primary key, gone, kept); insert into t values (1, 1, 1), (2, 2, 2)',
    'alter table t drop column gone; alter table t add column new; update t set kept = 3, new = 4 where id = 2',
  )
  expect(tables).toMatchObject([
    {
      changed: 1,
      rows: [{ change: 'changed', key: [2], columns: [{ column: 'kept', before: 2, after: 3 }] }],
      columnsLeftOut: [
        { column: 'gone', reason: 'only before' },
        { column: 'new', reason: 'only after' },
      ],
    },
  ])
})

test('a new table shows its rows, and the tables of a full-text index are its own affair', async () => {
  const found = await diffOf(
    `create virtual table f using fts5(body); insert into f values ('one'), ('two');
      create virtual table bare using fts5(body, content = '')`,
    `update f set body = 'three' where rowid = 2; create table n (k text primary key); insert into n values ('x');
      insert into bare (rowid, body) values (1, 'not kept')`,
  )
  expect(found.schema.map(({ name }) => name)).toEqual(['n'])
  const named = new Map(found.tables.map((table) => [table.name, table]))
  expect(named.get('f')).toMatchObject({ added: 0, changed: 1, rows: [{ key: [2], columns: [{ after: 'three' }] }] })
  expect(named.get('n')).toMatchObject({ added: 1, key: ['k'], rows: [{ change: 'added', key: ['x'] }] })
  expect([...named.keys()].filter((name) => name.startsWith('f_'))).toEqual([])
  // An index without content shows NULL for all there is; what it keeps does tell.
  expect(named.get('bare_docsize')).toMatchObject({ added: 1 })
})

test('with a limit the counts are whole, and it is said how many rows are left out', async () => {
  using place = createPlace('ram')
  createDatabase(place.path('a'), 'create table t (id integer primary key, v); insert into t values (1, 1), (2, 2)')
  createDatabase(
    place.path('b'),
    'create table t (id integer primary key, v); insert into t values (1, 9), (3, 3), (4, 4), (5, 5)',
  )
  const { tables } = await diff(place.path('a'), place.path('b'), { rows: { limit: 3 } })
  expect(tables).toMatchObject([{ added: 3, removed: 1, changed: 1, rowsLeftOut: 2 }])
  expect(tables[0]?.rows?.map(({ change }) => change)).toEqual(['changed', 'removed', 'added'])
})

test('page size, journal mode and statistics are no difference; nothing is written, not even beside the files', async () => {
  using place = createPlace('ram')
  const script = 'create table t (id integer primary key, v); create index i on t (v); insert into t values (1, 1)'
  createDatabase(place.path('a'), `pragma page_size = 1024; ${script}`)
  createDatabase(place.path('b'), `pragma page_size = 8192; pragma journal_mode = wal; ${script}; analyze`)
  const files = (): unknown[] => readdirSync(place.folder).map((name) => [name, readFileSync(place.path(name))])
  const before = files()
  let opened = 0
  const onOpened = (): void => {
    opened += 1
    expect(files()).toEqual(before)
  }
  const found = await diff(place.path('a'), place.path('b'), { rows: true, onOpened })
  expect(found).toEqual({ schema: [], tables: [], unchangedTables: 1 })
  expect(files()).toEqual(before)
  expect(opened).toBe(1)
})

test('an empty file is a database without tables', async () => {
  const { schema, tables } = await diffOf('', 'create table t (x); insert into t values (1)')
  expect(schema).toMatchObject([{ name: 't', change: 'added' }])
  expect(tables).toMatchObject([{ name: 't', added: 1, matchedBy: 'rowid' }])
})
