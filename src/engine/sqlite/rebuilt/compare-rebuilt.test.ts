import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { RebuildReport } from '../../engine.ts'
import { compareRebuilt } from './compare-rebuilt.ts'

const SCHEMA = `
  create table kind (id integer primary key, name text);
  create table permission (id integer primary key autoincrement, kind_id integer references kind (id), code text);
  create table job (id text primary key, at text, what text);
`

/** The schema and these statements in each of three databases. */
async function report(cached: string, fresh = cached, other = fresh, leftOut?: string[]): Promise<RebuildReport> {
  using place = mkdtempDisposableSync(join(tmpdir(), 'devshm-rebuilt-'))
  const paths = [cached, fresh, other].map((sql, index) => {
    const path = join(place.path, `${index}.sqlite3`)
    const database = new DatabaseSync(path)
    database.exec(`${SCHEMA};${sql}`)
    database.close()
    return path
  })
  const [one = '', two = '', three = ''] = paths
  return await compareRebuilt(one, [two, three], leftOut)
}

test('three equal databases differ in nothing', async () => {
  const sql = `insert into kind values (1, 'a'); insert into permission values (1, 1, 'x')`
  expect(await report(sql)).toEqual({ volatile: [], renumbered: [], differences: [] })
})

test('columns that are to be left out are, and are listed', async () => {
  const rows = (number: number): string => `insert into kind values (1, 'a${number}')`
  expect((await report(rows(1), rows(2))).differences).toHaveLength(1)
  expect(await report(rows(1), rows(2), rows(2), ['kind.name', 'gone.x'])).toMatchObject({
    volatile: ['kind.name'],
    differences: [],
  })
})

test('columns that differ between the fresh ones are left out and listed, keys as well', async () => {
  const job = (id: string, at: string): string => `insert into job values ('${id}', '${at}', 'first')`
  expect(await report(job('u1', '10:00'), job('u2', '11:00'), job('u3', '11:01'))).toEqual({
    volatile: ['job.id', 'job.at'],
    renumbered: [],
    differences: [],
  })
})

test('what is left out hides nothing else of its table', async () => {
  const job = (id: string, what: string): string => `insert into job values ('${id}', 'now', '${what}')`
  const { differences } = await report(job('u1', 'stale'), job('u2', 'first'), job('u3', 'first'))
  expect(differences).toEqual([{ kind: 'rows', name: 'job', onlyCached: 1, onlyFresh: 1 }])
})

test('a missing row, a changed one, and one that is there twice are differences', async () => {
  const one = `insert into kind values (1, 'a')`
  expect((await report(one, `${one}; insert into kind values (2, 'b')`)).differences).toEqual([
    { kind: 'rows', name: 'kind', onlyCached: 0, onlyFresh: 1 },
  ])
  expect((await report(one, `insert into kind values (1, 'b')`)).differences).toHaveLength(1)
  expect((await report(`${one}, (2, 'a')`, one)).differences).toHaveLength(1)
})

test('a schema change is a difference, with both texts', async () => {
  const { differences } = await report(`create index i on kind (name)`, `create view v as select 1`)
  expect(differences).toEqual([
    { kind: 'schema', name: 'i', cached: 'index CREATE INDEX i on kind (name)', fresh: undefined },
    { kind: 'schema', name: 'v', cached: undefined, fresh: 'view CREATE VIEW v as select 1' },
  ])
})

test('rows that were only numbered in another order are equal, through references', async () => {
  const { renumbered, differences } = await report(
    `insert into kind values (1, 'a'), (2, 'b'); insert into permission values (1, 1, 'see a'), (2, 2, 'see b')`,
    `insert into kind values (1, 'b'), (2, 'a'); insert into permission values (1, 1, 'see b'), (2, 2, 'see a')`,
  )
  expect(differences).toEqual([])
  expect(renumbered).toEqual(['kind', 'permission'])
})

test('a reference to another row than before is a difference, however rows are numbered', async () => {
  const { differences } = await report(
    `insert into kind values (1, 'a'), (2, 'b'); insert into permission values (1, 1, 'see a'), (2, 2, 'see b')`,
    `insert into kind values (1, 'b'), (2, 'a'); insert into permission values (1, 1, 'see a'), (2, 2, 'see b')`,
  )
  expect(differences).toEqual([{ kind: 'rows', name: 'permission', onlyCached: 0, onlyFresh: 0 }])
})

test.each([
  [`1`, `'1'`],
  [`1`, `1.0`],
  [`'a'`, `'A'`],
  [`null`, `''`],
  [`x'31'`, `'1'`],
  [`0.1`, `0.10000000000000002`],
])('%s is not %s', async (one, other) => {
  const table = (value: string): string => `create table v (x collate nocase); insert into v values (${value})`
  expect((await report(table(one), table(other))).differences).toHaveLength(1)
})
