import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { isBusy, sqliteCodeOf, untilNotBusy } from './busy.ts'
import { backup, connect } from './connection.ts'
import { ask, createDatabase, createPlace, itemsScript } from './databases.fixture.ts'

test('a copy into a database that is in use is refused as busy, and succeeds once it is free', async () => {
  using place = createPlace()
  const from = createDatabase(place.path('from'), itemsScript(30))
  const to = createDatabase(place.path('to'), 'create table old (x)')
  await using app = await openElsewhere(to)
  await app.script('begin immediate; insert into old values (1)')
  const source = connect(from, 'read-only')
  try {
    const refused = await backup(source, to, { rate: 100 }).catch((error: unknown) => error)
    expect(sqliteCodeOf(refused)).toBeOneOf([0, 5, 6])
    expect(isBusy(refused)).toBe(true)
    await expect(untilNotBusy(to, () => backup(source, to, { rate: 100 }), { timeoutMs: 60 })).rejects.toMatchObject({
      code: 'BUSY',
    })
    const waiting = untilNotBusy(to, () => backup(source, to, { rate: 100 }))
    await app.sql('rollback')
    await waiting
  } finally {
    source.close()
  }
  expect(ask(to, 'select count(*) from items')).toBe(30)
})

test('a copy out of a database that is in use is refused as busy', async () => {
  using place = createPlace()
  const from = createDatabase(place.path('from'), itemsScript(30))
  await using app = await openElsewhere(from)
  await app.sql('begin exclusive')
  using source = new DatabaseSync(from)
  const refused = await backup(source, place.path('to'), { rate: 100 }).catch((error: unknown) => error)
  expect(isBusy(refused)).toBe(true)
})

test('only being busy is waited for: any other failure is thrown at once', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(1))
  using connection = new DatabaseSync(path)
  let tries = 0
  const attempt = (): void => {
    tries += 1
    connection.exec('select * from no_such_table')
  }
  await expect(untilNotBusy(path, attempt)).rejects.toThrow('no such table')
  await expect(untilNotBusy(path, () => Promise.reject(new TypeError('a bug')))).rejects.toThrow(TypeError)
  expect(tries).toBe(1)
})

test('waiting leaves this thread free', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(1))
  await using app = await openElsewhere(path)
  await app.sql('begin immediate')
  using connection = new DatabaseSync(path, { timeout: 0 })
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), 1)
  await expect(untilNotBusy(path, () => connection.exec('begin immediate'), { timeoutMs: 600 })).rejects.toThrow(
    `${path} was locked by another process for 0.6 s`,
  )
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(5)
})

test('what is not an error of SQLite is never busy', () => {
  expect(sqliteCodeOf(new Error('disk'))).toBeUndefined()
  expect(sqliteCodeOf('busy')).toBeUndefined()
  expect(isBusy(new Error('database is locked'))).toBe(false)
  // Extended codes carry the primary one in their low byte: SQLITE_BUSY_SNAPSHOT.
  expect(isBusy(Object.assign(new Error('busy'), { errcode: 517 }))).toBe(true)
})
