import { expect, test } from 'vitest'
import type { DatabaseDiff } from '../../diff.ts'
import { createDatabase, createPlace } from '../databases.fixture.ts'
import { diff } from './index.ts'

async function diffOf(before: string, after: string): Promise<DatabaseDiff> {
  using place = createPlace('ram')
  return await diff(createDatabase(place.path('a'), before), createDatabase(place.path('b'), after), { rows: true })
}

test('a key whose collation or type differs between A and B matches what is equal byte by byte', async () => {
  const { tables } = await diffOf(
    `create table t (k text collate nocase primary key, v); insert into t values ('a', 1), ('b', 2)`,
    `create table t (k text primary key, v); insert into t values ('B', 2), ('A', 1), ('a', 1)`,
  )
  expect(tables).toMatchObject([{ matchedBy: 'primary key', added: 2, removed: 1, changed: 0 }])
  const types = await diffOf(
    `create table t (k int primary key, v); insert into t values (1, 1), (2, 2)`,
    `create table t (k text primary key, v); insert into t values ('1', 1), ('01', 1), ('2', 2)`,
  )
  expect(types.tables).toMatchObject([{ matchedBy: 'primary key', added: 3, removed: 2, changed: 0 }])
})

test('a key with another collation than its column is looked up by its own', async () => {
  const table = 'create table t (k text collate nocase, v, primary key (k collate binary))'
  const { tables } = await diffOf(
    `${table}; insert into t values ('a', 1), ('A', 2)`,
    `${table}; insert into t values ('A', 2), ('a', 3)`,
  )
  expect(tables).toMatchObject([{ matchedBy: 'primary key', added: 0, removed: 0, changed: 1 }])
})

test('rows without any key are compared as a heap, by type and by case, and as often as they are there', async () => {
  const table = 'create table t (rowid collate nocase, _rowid_, oid)'
  const { tables } = await diffOf(
    `${table}; insert into t values ('a', 1, 0), ('same', 1, 0), ('twice', 1, 0), ('twice', 1, 0), ('n', null, 0)`,
    `${table}; insert into t values ('A', 1, 0), ('n', null, 0), ('twice', 1, 0), ('same', 1.0, 0)`,
  )
  expect(tables).toMatchObject([{ matchedBy: 'content', key: [], added: 2, removed: 3, changed: 0 }])
})

test('a new full-text index is one change of the schema', async () => {
  const { schema } = await diffOf('create table t (x)', 'create table t (x); create virtual table f using fts5(x)')
  expect(schema.map(({ kind, name }) => [kind, name])).toEqual([['table', 'f']])
})
