import { lstatSync, realpathSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { createPlayground } from '../test/support/playground.ts'
import { getStatus, openSession, type SessionEvent } from './index.ts'

test('a session has the database in RAM until its block is left, and loses nothing', async () => {
  await using playground = await createPlayground()
  const { folder, origin, env } = playground
  playground.sql('create table t (a); insert into t values (1)')
  {
    await using session = await openSession({ cwd: folder, env })
    const [database] = session.databases
    expect(database).toEqual({ origin, live: realpathSync(origin) })
    expect(lstatSync(origin).isSymbolicLink()).toBe(true)
    playground.sql('insert into t values (2)')
    await session.save()
    const [status] = await getStatus({ cwd: folder, env })
    expect(status).toMatchObject({ state: 'in-ram', changedSinceSave: 'no' })
  }
  expect(lstatSync(origin).isFile()).toBe(true)
  expect(playground.sql('select a from t')).toEqual([{ a: 1 }, { a: 2 }])
  expect(playground.inRam()).not.toContainEqual(expect.stringContaining('live.sqlite3'))
})

test('a connection of the same process keeps the database in RAM instead of losing its writes', async () => {
  await using playground = await createPlayground()
  const { folder, origin, env } = playground
  playground.sql('create table t (a)')
  const events: SessionEvent[] = []
  const session = await openSession({ cwd: folder, env, onEvent: (event) => events.push(event) })
  const connection = new DatabaseSync(origin)
  try {
    await session.close()
    expect(events.at(-1)).toMatchObject({ type: 'still-open', openers: [{ pid: process.pid }] })
    expect(lstatSync(origin).isSymbolicLink()).toBe(true)
    connection.exec('insert into t values (7)')
  } finally {
    connection.close()
  }
  expect((await playground.devshm('detach')).status).toBe(0)
  expect(playground.sql('select a from t')).toEqual([{ a: 7 }])
})

test('a session that cannot have RAM says so and leaves the database on disk', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  const env = { ...playground.env, DEVSHM_VOLUME: playground.folder }
  await expect(openSession({ cwd: playground.folder, env })).rejects.toMatchObject({ code: 'NO_RAM' })
  expect(lstatSync(playground.origin).isFile()).toBe(true)
})
