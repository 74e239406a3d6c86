import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { clonesInRam, createProjectWithPool } from './support/test-databases.ts'

const ADD = `insert into item (id, name) values (3, ?)`
const NAMES = `select group_concat(name) as names from item`

test('two clones write the same primary key at once, and neither sees the other', async () => {
  await using both = await createProjectWithPool()
  const { pool } = both
  await using one = await pool.clone()
  await using two = await pool.clone()
  const [a, b] = [one.connect(), two.connect()]
  a.exec('begin immediate')
  b.exec('begin immediate')
  a.prepare(ADD).run('a')
  b.prepare(ADD).run('b')
  a.exec('commit')
  b.exec('commit')
  expect(a.prepare(NAMES).get()).toEqual({ names: 'one,two,a' })
  expect(b.prepare(NAMES).get()).toEqual({ names: 'one,two,b' })
})

test('a clone is a private file, led to by path, URL and the configured variables, and gone with its pool', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  const clone = await pool.clone({ name: 'it works: "quoted"/../x' })
  expect(statSync(clone.path)).toMatchObject({ mode: 0o100600, uid: process.geteuid?.() })
  expect(fileURLToPath(clone.url)).toBe(clone.path)
  expect(clone.variables).toEqual({ APP_DB: clone.path })
  expect(clone.path.startsWith(`${project.volume}/devshm-`)).toBe(true)
  expect(clone.isInRam).toBe(true)
  const connection = clone.connect()
  await pool[Symbol.asyncDispose]()
  expect(connection.isOpen).toBe(false)
  expect(existsSync(clone.path)).toBe(false)
  expect(project.inRam()).toEqual([])
  expect(() => clone.connect()).toThrow(/was released already/)
  await expect(pool.clone()).rejects.toMatchObject({ code: 'USAGE' })
})

test('a clone in memory has no file, and its reset takes back what was begun', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  await using one = await pool.clone({ memory: true })
  await using two = await pool.clone({ memory: true })
  const connection = one.connect()
  expect(one.connect()).toBe(connection)
  connection.prepare(ADD).run('mine')
  connection.exec('begin; delete from item')
  expect(two.connect().prepare(NAMES).get()).toEqual({ names: 'one,two' })
  await one.reset()
  expect(connection.prepare(NAMES).get()).toEqual({ names: 'one,two' })
  expect(clonesInRam(project)).toEqual([])
})

test('a second pool finds the template, and clones of several databases lie side by side', async () => {
  await using both = await createProjectWithPool()
  const { project } = both
  project.configure({
    databases: { main: { path: 'db.sqlite3' }, log: { path: 'log.sqlite3' }, none: { path: 'none.sqlite3' } },
    env: { APP_DB: '{path}', LOG_DB: '{path:log}' },
    setup: [{ run: 'sqlite3 "$APP_DB" "create table a (x)"; sqlite3 "$LOG_DB" "create table b (x)"', inputs: [] }],
  })
  const { openPool } = await import('./support/test-databases.ts')
  await using pool = await openPool(project)
  await using clone = await pool.clone({ database: 'log' })
  const { main, log, none } = clone.databases
  expect(clone.path).toBe(log?.path)
  expect(clone.variables).toEqual({ APP_DB: clone.path, LOG_DB: log?.path })
  const tables = (database: string): unknown =>
    clone.connect({ database }).prepare('select name from sqlite_schema').all()
  expect([tables('main'), tables('log'), tables('none')]).toEqual([[{ name: 'a' }], [{ name: 'b' }], []])
  clone.connect({ database: 'none' }).exec('create table c (x)')
  await clone.reset()
  expect(tables('none')).toEqual([])
  expect([main, none].map((each) => existsSync(each?.path ?? ''))).toEqual([true, true])
  expect(() => clone.connect({ database: 'other' })).toThrow(/has no database called "other"/)
})
