import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openElsewhere } from '../support/other-program.ts'
import { eventually } from '../support/playground.ts'
import { createProjectWithPool, openPool } from './support/test-databases.ts'

test('a clone that another process has open is not removed when it is released, and goes when it is closed', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  const clone = await pool.clone()
  const other = await pool.clone()
  await using app = await openElsewhere(clone.path)
  for (const each of [clone, other]) await each[Symbol.asyncDispose]()
  await eventually('the one that nobody has open is gone', () => !existsSync(other.path))
  await app.sql(`insert into item (name) values ('late')`)
  expect(project.sql('select count(*) as n from item', clone.path)).toEqual([{ n: 3 }])
  await app.close()
  await eventually('the other one as well', () => !existsSync(clone.path))
  await expect(app.reopen()).rejects.toThrow('unable to open database file')
})

test('what is still open when the pool ends goes with the next start after it was closed', async () => {
  await using both = await createProjectWithPool()
  const { pool, project } = both
  const clone = await pool.clone()
  await using app = await openElsewhere(clone.path)
  await pool[Symbol.asyncDispose]()
  await (await openPool(project))[Symbol.asyncDispose]()
  expect(await app.sql('select count(*) from item')).toEqual([[2]])
  await app.close()
  await (await openPool(project))[Symbol.asyncDispose]()
  expect(project.inRam()).toEqual([])
})

test.for(['delete', 'wal'])(
  'a reset gives the template back under an open connection in another process (%s)',
  async (mode) => {
    await using both = await createProjectWithPool()
    await using clone = await both.pool.clone()
    await using app = await openElsewhere(clone.path)
    await app.sql(`pragma journal_mode = ${mode}`)
    await app.script(`begin; delete from item; create table other (x); commit`)
    const own = clone.connect()
    own.exec('begin; select * from item')
    expect(own.prepare('select count(*) as n from item').get()).toEqual({ n: 0 })
    await clone.reset()
    expect(await app.sql('select name from item')).toEqual([['one'], ['two']])
    expect(await app.sql('pragma journal_mode')).toEqual([[mode]])
    expect(own.prepare('select count(*) as n from sqlite_schema').get()).toEqual({ n: 1 })
    await app.script('begin immediate')
    await expect(clone.reset({ timeoutMs: 50 })).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(String(app.pid)) as string,
    })
  },
)
