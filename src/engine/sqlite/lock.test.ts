import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { ask, createDatabase, createPlace, itemsScript, JOURNAL_MODES } from './databases.fixture.ts'
import { canHaveExclusively, lockWriters } from './lock.ts'

// Raw files are looked at by `cp` while there is a lock: opening and closing one here would drop it (POSIX).

test('what a crashed program left half-written is taken back: a hot journal', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(500))
  const before = itemsOf(path)
  await using app = await openElsewhere(path)
  // A cache this small spills into the main file long before the commit, which never comes.
  await app.script(`pragma cache_size = 5; begin; update items set body = 'torn', filler = zeroblob(1000)`)
  await app.kill()
  expect(statSync(`${path}-journal`).size).toBeGreaterThan(0)
  execFileSync('cp', [path, place.path('torn')])
  expect(itemsOf(place.path('torn'))).not.toBe(before)

  using _lock = await lockWriters(path)
  expect(existsSync(`${path}-journal`)).toBe(false)
  execFileSync('cp', [path, place.path('copy')])
  expect(itemsOf(place.path('copy'))).toBe(before)
})

test('what a crashed program committed into a log is brought into the main file', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(10, 'wal'))
  await using app = await openElsewhere(path)
  await app.script(`insert into items (body) values ('committed'); begin; delete from items`)
  await app.kill()
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)

  using _lock = await lockWriters(path)
  expect(statSync(`${path}-wal`).size).toBe(0)
  execFileSync('cp', [path, place.path('copy')])
  expect(ask(place.path('copy'), 'select count(*) from items')).toBe(11)
})

test('a reader that still needs the log is waited for, with a limit', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(10, 'wal'))
  await using reader = await openElsewhere(path)
  await reader.script('begin; select count(*) from items')
  expect(await reader.sql('select count(*) from items')).toEqual([[10]])
  await using writer = await openElsewhere(path)
  await writer.sql(`insert into items (body) values ('newer')`)
  await expect(lockWriters(path, { timeoutMs: 80 })).rejects.toMatchObject({ code: 'BUSY' })
  // A failed attempt holds nothing.
  await writer.sql(`insert into items (body) values ('newest')`)
  const waiting = lockWriters(path)
  await reader.sql('rollback')
  using _lock = await waiting
  execFileSync('cp', [path, place.path('copy')])
  expect(ask(place.path('copy'), 'select count(*) from items')).toBe(12)
})

test.for(JOURNAL_MODES)('the sqlite3 shell is kept from writing, not from reading (%s)', async (mode, { skip }) => {
  skip(spawnSync('sqlite3', ['-version']).error !== undefined, 'the sqlite3 shell is not installed')
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(10, mode))
  const shell = (sql: string): string => {
    const { stdout, stderr } = spawnSync('sqlite3', [path, sql], { encoding: 'utf8' })
    return stdout + stderr
  }
  {
    using _lock = await lockWriters(path)
    expect(shell('delete from items')).toContain('database is locked')
    expect(shell('select count(*) from items')).toBe('10\n')
  }
  expect(shell('delete from items; select count(*) from items')).toBe('0\n')
})

test('a database that is not there is an error and is not created', async () => {
  using place = createPlace()
  await expect(lockWriters(place.path('absent'))).rejects.toThrow('unable to open database file')
  expect(() => canHaveExclusively(place.path('absent'))).toThrow('unable to open database file')
  expect(existsSync(place.path('absent'))).toBe(false)
})

test('an idle WAL connection of another process shows after its first query, and only then', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(10, 'wal'))
  await using app = await openElsewhere(path)
  // The reason why descriptors are searched as well.
  expect(canHaveExclusively(path)).toBe(true)
  await app.sql('select count(*) from items')
  expect(canHaveExclusively(path)).toBe(false)
  await app.close()
  expect(canHaveExclusively(path)).toBe(true)
})

test('with a rollback journal a connection shows only inside a transaction', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(10))
  await using app = await openElsewhere(path)
  await app.sql('select count(*) from items')
  expect(canHaveExclusively(path)).toBe(true)
  await app.script('begin')
  await app.sql('select count(*) from items')
  expect(canHaveExclusively(path)).toBe(false)
  await app.sql('rollback')
  expect(canHaveExclusively(path)).toBe(true)
})

test.for(JOURNAL_MODES)('asking leaves nothing behind and keeps nobody out (%s)', async (mode) => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(10, mode))
  const before = statSync(path)
  expect(canHaveExclusively(path)).toBe(true)
  expect(statSync(path)).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs })
  expect(['-wal', '-shm', '-journal'].filter((suffix) => existsSync(path + suffix))).toEqual([])
  await using app = await openElsewhere(path)
  await app.sql('delete from items')
})

function itemsOf(path: string): unknown {
  return ask(path, `select group_concat(body || hex(filler)) from items`)
}
