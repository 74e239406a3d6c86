import { appendFileSync, copyFileSync, readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { mountSharing } from '../../../test/session/support/mounts.ts'
import { mayMount, mountVolume } from '../../../test/support/small-volume.ts'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { freeBytes } from '../../fs/space.ts'
import { ask, createDatabase, createPlace, itemsScript, JOURNAL_MODES } from './databases.fixture.ts'
import { pin } from './pin.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const PLACES = {
  // Not as root, or without XFS: undefined.
  'where files can be clones': mountSharing,
  'on disk': () => folderOf('disk'),
  'in RAM': () => folderOf('ram'),
} as const

function folderOf(where: 'disk' | 'ram'): Disposable & { readonly path: string } {
  const place = createPlace(where)
  return { path: place.folder, [Symbol.dispose]: () => place[Symbol.dispose]() }
}

describe.each(Object.keys(PLACES) as (keyof typeof PLACES)[])('a large copy %s', (where) => {
  test.each(JOURNAL_MODES)('of a database in %s mode is the pinned state, and the pin holds on', async (mode) => {
    using disk = PLACES[where]()
    if (disk === undefined) return
    const path = createDatabase(join(disk.path, 'db'), itemsScript(20_000, mode))
    await using app = await openElsewhere(path)
    await app.script(`insert into items (body) values ('last')`)
    const copies = ['one', 'two'].map((name) => join(disk.path, name))
    const free = await freeBytes(disk.path)
    {
      using pinned = await pin(path)
      for (const copy of copies) await pinned.copyTo(copy, 0o640)
      const write = app.sql(`insert into items (body) values ('later')`)
      if (mode === 'delete') await expect(write).rejects.toThrow('locked')
      else await write
    }
    const isCloned = where === 'where files can be clones' && mode === 'delete'
    if (isCloned) expect(free - (await freeBytes(disk.path))).toBeLessThan(4_000_000)
    for (const copy of copies) {
      expect(statSync(copy).mode & 0o777).toBe(0o640)
      expect(ask(copy, 'select count(*) from items')).toBe(20_001)
      expect(ask(copy, 'pragma integrity_check')).toBe('ok')
    }
  })
})

test('a write lock of this process on the database outlives a copy of it', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(6_000))
  const { lockWriters } = await import('./lock.ts')
  using _lock = await lockWriters(path)
  {
    using pinned = await pin(path)
    await pinned.copyTo(place.path('copy'), 0o600)
  }
  await using app = await openElsewhere(path)
  await expect(app.sql(`insert into items (body) values ('late')`)).rejects.toThrow('locked')
})

describe('a copy through SQLite takes the place of one of the file', () => {
  test('where there is no program for that', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(6_000))
    vi.stubEnv('PATH', place.folder)
    using pinned = await pin(path)
    await pinned.copyTo(place.path('copy'), 0o600)
    expect(ask(place.path('copy'), 'select count(*) from items')).toBe(6_000)
  })

  test('when the file has more at its end than belongs to it', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(6_000))
    appendFileSync(path, 'x'.repeat(8_192))
    using pinned = await pin(path)
    await pinned.copyTo(place.path('copy'), 0o600)
    expect(statSync(place.path('copy')).size).toBe(pinned.bytes)
    expect(ask(place.path('copy'), 'pragma integrity_check')).toBe('ok')
  })

  test('when another file has its path by now', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(6_000))
    const other = createDatabase(place.path('other'), itemsScript(6_000).replaceAll('item ', 'xxxx '))
    using pinned = await pin(path)
    renameSync(other, path)
    await pinned.copyTo(place.path('copy'), 0o600)
    expect(ask(place.path('copy'), `select body from items where id = 1`)).toBe('item 1')
  })
})

test('a copy is not changed by the journal that an earlier one of its name left behind', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(6_000))
  const other = createDatabase(place.path('other'), itemsScript(500))
  await using app = await openElsewhere(other)
  await app.script(`pragma cache_size = 5; begin; update items set body = 'torn', filler = zeroblob(1000)`)
  const copy = place.path('copy')
  copyFileSync(`${other}-journal`, `${copy}-journal`)
  using pinned = await pin(path)
  await pinned.copyTo(copy, 0o600)
  expect(ask(copy, 'select count(*) from items')).toBe(6_000)
  expect(ask(copy, 'pragma integrity_check')).toBe('ok')
})

test.skipIf(!mayMount)(
  'without room there is no copy and nothing beside it, and it is said where (needs root)',
  async () => {
    using volume = mountVolume('size=6m')
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(20_000))
    using pinned = await pin(path)
    await expect(pinned.copyTo(`${volume.path}/copy`, 0o600)).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringContaining(volume.path) as string,
    })
    expect(readdirSync(volume.path)).toEqual([])
  },
)

test('progress is told in bytes, and never beyond the whole', async () => {
  using place = createPlace()
  const path = createDatabase(
    place.path('db'),
    `create table t (x); with recursive n (i) as (select 1 union all select i + 1 from n where i < 100)
      insert into t select zeroblob(1000000) from n`,
  )
  using pinned = await pin(path)
  const told: [number, number][] = []
  await pinned.copyTo(place.path('copy'), 0o600, { onProgress: (done, total) => told.push([done, total]) })
  for (const [done, total] of told) expect([total, done <= total]).toEqual([pinned.bytes, true])
})
