import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { DatabaseDiff } from '../../diff.ts'
import { createDatabase, createPlace } from '../databases.fixture.ts'
import { diff } from './index.ts'

/** What an app may have registered, and we have not. */
const APP = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.create_collation('german', lambda a, b: (a > b) - (a < b))
connection.create_function('twice', 1, lambda x: x * 2, deterministic=True)
connection.executescript(sys.argv[2])
`

async function diffOfApps(script: string, then: string): Promise<DatabaseDiff> {
  using place = createPlace('ram')
  for (const [name, text] of Object.entries({ a: script, b: `${script}; ${then}` })) {
    execFileSync('python3', ['-c', APP, place.path(name), text])
  }
  return await diff(place.path('a'), place.path('b'), { rows: true })
}

test('a key with a collation of the app: its rows are matched by rowid', async () => {
  const { tables } = await diffOfApps(
    `create table t (k text collate german primary key, v); insert into t values ('a', 1), ('b', 2)`,
    `update t set v = 3 where k = 'b'; insert into t values ('c', 4)`,
  )
  expect(tables).toMatchObject([{ name: 't', matchedBy: 'rowid', added: 1, removed: 0, changed: 1 }])
})

test('indexes, checks and views with functions of the app do not matter', async () => {
  const found = await diffOfApps(
    `create table t (k text primary key, v check (twice(v) > 0)); create index i on t (twice(v));
      create index j on t (v collate german); create view w as select twice(v) from t; insert into t values ('a', 1)`,
    `update t set v = 2`,
  )
  expect(found.tables).toMatchObject([{ matchedBy: 'primary key', changed: 1, rows: [{ key: ['a'] }] }])
})

test('a column that only the app can compute is left out, and that is said', async () => {
  const { tables } = await diffOfApps(
    `create table t (id integer primary key, v, double as (twice(v)), kept as (twice(v)) stored); insert into t (v) values (1)`,
    `update t set v = 2`,
  )
  const columns = [{ column: 'v', before: 1, after: 2 }]
  expect(tables).toMatchObject([{ changed: 1, rows: [{ columns }] }])
  expect(tables[0]?.columnsLeftOut?.[0]).toEqual({ column: 'double', reason: 'cannot be computed here' })
})

test('a table that cannot be read here is named with the reason, and the rest is compared', async () => {
  const { tables } = await diffOfApps(
    `create table w (k text collate german primary key, v) without rowid; create table t (x); insert into w values ('a', 1)`,
    `update w set v = 2; insert into t values (1)`,
  )
  expect(tables).toMatchObject([
    { name: 't', added: 1 },
    { name: 'w', notCompared: 'no such collation sequence: german' },
  ])
})

test('of a virtual table whose module only the app has, the tables that hold its data are compared', async () => {
  const { tables } = await diffOfApps(
    `create table z_data (x); pragma writable_schema = on;
      insert into sqlite_schema values ('table', 'z', 'z', 0, 'CREATE VIRTUAL TABLE z USING app_module(a)')`,
    `insert into z_data values (1)`,
  )
  expect(tables).toMatchObject([{ name: 'z_data', added: 1 }])
})

test('two text encodings: the schema is compared, and new tables; of the others it is said why they are not', async () => {
  using place = createPlace('ram')
  createDatabase(place.path('a'), `create table t (x)`)
  createDatabase(
    place.path('b'),
    `pragma encoding = 'UTF-16le'; create table t (x); create table n (x); insert into n values (1)`,
  )
  const { schema, tables } = await diff(place.path('a'), place.path('b'), { rows: false })
  expect(schema).toMatchObject([{ name: 'n', change: 'added' }])
  expect(tables).toMatchObject([
    { name: 'n', added: 1 },
    { name: 't', notCompared: 'the two databases have different text encodings' },
  ])
})
