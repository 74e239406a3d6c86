import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createDatabase, createPlace, flipByte, itemsScript, JOURNAL_MODES } from './databases.fixture.ts'
import { inspect } from './inspect.ts'

test.for(JOURNAL_MODES)('a database shows its journal mode, page size and length (%s)', async (mode) => {
  using place = createPlace()
  for (const pageSize of [512, 1024, 4096, 32_768, 65_536]) {
    const path = createDatabase(place.path(`db-${pageSize}`), `pragma page_size = ${pageSize}; ${itemsScript(5, mode)}`)
    expect(await inspect(path)).toEqual({
      kind: 'database',
      journalMode: mode === 'wal' ? 'wal' : 'rollback',
      pageSize,
      bytes: expect.toSatisfy((bytes: number) => bytes > 0 && bytes % pageSize === 0) as number,
    })
  }
})

test('links are followed, and a dangling one is absent', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(5))
  symlinkSync(path, place.path('link'))
  symlinkSync(place.path('nowhere'), place.path('dangling'))
  expect(await inspect(place.path('link'))).toMatchObject({ kind: 'database' })
  expect(await inspect(place.path('dangling'))).toEqual({ kind: 'absent' })
})

test('nothing and an empty file are told apart', async () => {
  using place = createPlace()
  expect(await inspect(place.path('db'))).toEqual({ kind: 'absent' })
  writeFileSync(place.path('db'), '')
  expect(await inspect(place.path('db'))).toEqual({ kind: 'empty' })
})

test('a folder is a folder', async () => {
  using place = createPlace()
  mkdirSync(place.path('db'))
  expect(await inspect(place.path('db'))).toEqual({ kind: 'other', reason: 'is a folder' })
})

test('a named pipe, a socket and a device are answered at once', async () => {
  using place = createPlace()
  execFileSync('mkfifo', [place.path('fifo')])
  const server = createServer().listen(place.path('socket'))
  await once(server, 'listening')
  try {
    for (const path of [place.path('fifo'), place.path('socket'), '/dev/null']) {
      expect(await inspect(path), path).toEqual({ kind: 'other', reason: 'is not a regular file' })
    }
  } finally {
    server.close()
  }
})

test('what has another beginning is no database, or an encrypted one', async () => {
  using place = createPlace()
  const notOne = { kind: 'other', reason: 'is not a SQLite database, or it is an encrypted one' }
  for (const content of [randomBytes(8192), 'x', 'SQLite format 2\0 and more'.padEnd(200), 'SQLite format 3']) {
    writeFileSync(place.path('db'), content)
    expect(await inspect(place.path('db'))).toEqual(notOne)
  }
})

test('a header that is cut off or has an impossible page size is damaged', async () => {
  using place = createPlace()
  const damaged = { kind: 'other', reason: 'has a damaged SQLite header' }
  for (const bytes of [16, 17, 18, 99]) {
    truncateSync(createDatabase(place.path(`cut-${bytes}`), itemsScript(5)), bytes)
    expect(await inspect(place.path(`cut-${bytes}`)), `${bytes} bytes`).toEqual(damaged)
  }
  flipByte(createDatabase(place.path('odd'), itemsScript(5)), 17)
  expect(await inspect(place.path('odd'))).toEqual(damaged)
})
