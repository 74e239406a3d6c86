import { expect, test } from 'vitest'
import { createDatabase, createPlace, itemsScript, JOURNAL_MODES } from './databases.fixture.ts'
import { connectAsApp, connectToImage, fillFromImage, readImage } from './for-tests.ts'

const COUNT = 'select count(*) as n from items'

test.for(JOURNAL_MODES)('an image of a closed %s database is a database in memory', (mode) => {
  using place = createPlace()
  const image = readImage(createDatabase(place.path('db'), itemsScript(50, mode)))
  const connection = connectToImage(image)
  const other = connectToImage(image)
  connection.exec('delete from items; pragma foreign_keys = off; begin; create table half (x)')
  expect([connection, other].map((each) => each.prepare(COUNT).get())).toEqual([{ n: 0 }, { n: 50 }])
  fillFromImage(connection, image)
  expect(connection.prepare(COUNT).get()).toEqual({ n: 50 })
  expect(connection.prepare('pragma foreign_keys').get()).toEqual({ foreign_keys: 0 })
  expect(connection.prepare('pragma quick_check').get()).toEqual({ quick_check: 'ok' })
  for (const each of [connection, other]) each.close()
})

test('the image of nothing is an empty database', () => {
  const connection = connectToImage(Buffer.alloc(0))
  connection.exec('create table t (x)')
  fillFromImage(connection, Buffer.alloc(0))
  expect(connection.prepare('select * from sqlite_schema').all()).toEqual([])
  connection.close()
})

test('a connection for an app trusts its schema, and waits for others', () => {
  using place = createPlace()
  const connection = connectAsApp(place.path('db'))
  const pragmas = ['trusted_schema', 'foreign_keys', 'busy_timeout'].map((name) =>
    connection.prepare(`pragma ${name}`).get(),
  )
  expect(pragmas).toEqual([{ trusted_schema: 1 }, { foreign_keys: 1 }, { timeout: 5_000 }])
  connection.close()
})
