import { existsSync, readdirSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { mayMount, mountVolume } from '../../../test/support/small-volume.ts'
import { freeBytes } from '../../fs/space.ts'
import { ask, createDatabase, createPlace, itemsScript, JOURNAL_MODES } from './databases.fixture.ts'
import { pin } from './pin.ts'

/** Two numbers at both ends of the file that every transaction raises together, and a row for each transaction. */
const LEDGER = `create table first (n integer); insert into first values (0);
  create table padding (body blob);
  with recursive n (i) as (select 1 union all select i + 1 from n where i < 40)
    insert into padding select zeroblob(500000) from n;
  create table last (n integer); insert into last values (0);
  create table done (n integer primary key);`

const TRANSFER = `begin immediate; update first set n = n + 1; insert into done default values;
  update last set n = n + 1; commit`

test.for(JOURNAL_MODES)('under a writer that never rests every copy is one transaction and ends (%s)', async (mode) => {
  using place = createPlace('ram')
  // Pages this small make the copy take several steps; without the pin every commit would start it over.
  const path = createDatabase(place.path('db'), `pragma page_size = 512; pragma journal_mode = ${mode}; ${LEDGER}`)
  await using app = await openElsewhere(path)
  await app.repeat(TRANSFER)
  let before = 0
  for (let round = 0; round < 8; round += 1) {
    const copy = place.path(`copy-${round}`)
    await expect.poll(() => ask(path, 'select n from first')).toBeGreaterThan(before)
    {
      using pinned = await pin(path)
      expect(pinned.pageCount).toBeGreaterThan(2 * 16_384)
      await pinned.copyTo(copy, 0o600)
    }
    const transactions = Number(ask(copy, 'select n from first'))
    expect(ask(copy, 'select n from last')).toBe(transactions)
    expect(ask(copy, 'select count(*) || max(n) from done')).toBe(`${transactions}${transactions}`)
    expect(transactions).toBeGreaterThan(before)
    before = transactions
  }
})

test('a copy is of the moment it was pinned, and WAL commits go on meanwhile', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(50, 'wal'))
  await using app = await openElsewhere(path)
  using pinned = await pin(path)
  await app.script(`delete from items; create table later (x)`)
  await pinned.copyTo(place.path('copy'), 0o600)
  expect(ask(place.path('copy'), 'select count(*) from items')).toBe(50)
  expect(ask(place.path('copy'), `select count(*) from sqlite_schema where name = 'later'`)).toBe(0)
})

test('with a rollback journal a commit waits only until the pin is let go', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(50))
  await using app = await openElsewhere(path)
  const pinned = await pin(path)
  await expect(app.sql('delete from items')).rejects.toThrow('locked')
  pinned[Symbol.dispose]()
  await app.sql('delete from items')
})

test('a writer that holds the database for itself is waited for, with a limit', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(50))
  await using app = await openElsewhere(path)
  await app.script('begin exclusive; delete from items where id > 10')
  await expect(pin(path, { timeoutMs: 80 })).rejects.toMatchObject({
    code: 'BUSY',
    message: `${path} was locked by another process for 0.08 s`,
    details: { path, timeoutMs: 80 },
  })
  const waiting = pin(path)
  await app.sql('commit')
  using pinned = await waiting
  await pinned.copyTo(place.path('copy'), 0o600)
  expect(ask(place.path('copy'), 'select count(*) from items')).toBe(10)
})

test.for(JOURNAL_MODES)('whatever persists in the file is in the copy (%s)', async (mode) => {
  using place = createPlace()
  const path = createDatabase(
    place.path('db'),
    `pragma page_size = 8192; pragma encoding = 'UTF-16le'; pragma auto_vacuum = incremental;
      pragma user_version = 42; pragma application_id = 4711; ${itemsScript(30, mode)}; delete from items where id > 5`,
  )
  const copy = place.path('copy')
  {
    using pinned = await pin(path)
    await pinned.copyTo(copy, 0o600)
  }
  const pragmas = ['page_size', 'encoding', 'auto_vacuum', 'user_version', 'application_id', 'journal_mode']
  const facts = (file: string): unknown[] => pragmas.map((pragma) => ask(file, `pragma ${pragma}`))
  expect(facts(copy)).toEqual([8192, 'UTF-16le', 2, 42, 4711, mode])
  expect(facts(copy)).toEqual(facts(path))
  expect(ask(copy, 'pragma freelist_count')).toBe(ask(path, 'pragma freelist_count'))
})

test('the copy of an empty database is an empty file', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), '')
  using pinned = await pin(path)
  expect(pinned).toMatchObject({ pageCount: 0, bytes: 0 })
  await pinned.copyTo(place.path('copy'), 0o640)
  expect(statSync(place.path('copy'))).toMatchObject({ size: 0, mode: 0o100640 })
})

test.skipIf(!mayMount)(
  'a full volume fails the copy and leaves nothing half-made (needs root for a mount)',
  async () => {
    using place = createPlace()
    using volume = mountVolume('size=1m')
    const path = createDatabase(place.path('db'), itemsScript(2_000))
    {
      using pinned = await pin(path)
      await expect(pinned.copyTo(`${volume.path}/copy`, 0o600)).rejects.toMatchObject({ code: 'NO_SPACE' })
    }
    expect(readdirSync(volume.path)).toEqual([])
    expect(await freeBytes(volume.path)).toBe(1024 * 1024)
    expect(ask(path, 'pragma integrity_check')).toBe('ok')
  },
)

test('a database that is not there is an error and is not created', async () => {
  using place = createPlace()
  await expect(pin(place.path('absent'))).rejects.toThrow('unable to open database file')
  expect(existsSync(place.path('absent'))).toBe(false)
})
