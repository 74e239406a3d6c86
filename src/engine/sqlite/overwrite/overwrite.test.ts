import { copyFileSync, readdirSync, statSync, renameSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openElsewhere } from '../../../../test/support/other-program.ts'
import { ask, createDatabase, createPlace, itemsScript, JOURNAL_MODES, type Place } from '../databases.fixture.ts'
import type { OverwriteOptions } from '../../engine.ts'
import { overwrite } from './overwrite.ts'

const go: OverwriteOptions['before'] = async () => 'go on'

function options(place: Place, more: Partial<OverwriteOptions> = {}): OverwriteOptions {
  return { before: go, stageIn: place.folder, ...more }
}

describe.each(JOURNAL_MODES)('a database in %s mode', (mode) => {
  test('another process that has it open sees the new content, schema and all, at its next query', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(200, mode))
    const from = createDatabase(place.path('new'), 'create table other (x); insert into other values (7)')
    await using app = await openElsewhere(path)
    expect(await app.sql('select count(*) from items')).toEqual([[200]])
    expect(await overwrite(path, from, options(place))).toBe('overwritten')
    expect(await app.sql('select x from other')).toEqual([[7]])
    // The log was emptied: it does not take the room a second time.
    if (mode === 'wal') expect(statSync(`${path}-wal`).size).toBe(0)
    await app.script('insert into other values (8)')
    expect(ask(path, 'select count(*) from other')).toBe(2)
    expect(ask(path, 'pragma integrity_check')).toBe('ok')
    expect(ask(path, 'pragma journal_mode')).toBe(mode)
  })

  test.each([
    ['of the other journal mode', itemsScript(50, mode === 'wal' ? 'delete' : 'wal')],
    ['with larger pages', `pragma page_size = 16384; ${itemsScript(50)}`],
    ['with smaller pages', `pragma page_size = 512; ${itemsScript(50)}`],
    ['with fewer rows', itemsScript(50)],
    ['of one page', 'pragma user_version = 5'],
  ])('takes content %s, and keeps its journal mode', async (_what, script) => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(100, mode))
    const from = createDatabase(place.path('new'), script)
    await using app = await openElsewhere(path)
    await app.sql('select count(*) from items')
    expect(await overwrite(path, from, options(place))).toBe('overwritten')
    expect(ask(path, 'pragma journal_mode')).toBe(mode)
    expect(ask(path, 'pragma integrity_check')).toBe('ok')
    const items = 'select count(*) from items'
    if (script.includes('items')) expect(await app.sql(items)).toEqual([[ask(from, items)]])
    expect(ask(path, 'pragma user_version')).toBe(ask(from, 'pragma user_version'))
  })

  test('what is committed while the old state is kept is kept as well', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(20, mode))
    const from = createDatabase(place.path('new'), itemsScript(1))
    await using app = await openElsewhere(path)
    const kept: number[] = []
    const outcome = await overwrite(
      path,
      from,
      options(place, {
        before: async (old) => {
          const copy = place.path(`kept-${kept.length}`)
          await old.copyTo(copy, 0o600)
          kept.push(Number(ask(copy, 'select count(*) from items')))
          if (kept.length === 1) {
            old[Symbol.dispose]()
            await app.script(`insert into items (body) values ('late')`)
          }
          return 'go on'
        },
      }),
    )
    expect(outcome).toBe('overwritten')
    expect(kept).toEqual([20, 21])
    expect(ask(path, 'select count(*) from items')).toBe(1)
  })

  test('another file that is put at its path meanwhile is kept as well', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(20, mode))
    const other = createDatabase(place.path('other'), itemsScript(30, mode))
    const from = createDatabase(place.path('new'), itemsScript(1))
    const kept: number[] = []
    const outcome = await overwrite(
      path,
      from,
      options(place, {
        before: async (old) => {
          const copy = place.path(`kept-${kept.length}`)
          await old.copyTo(copy, 0o600)
          kept.push(Number(ask(copy, 'select count(*) from items')))
          if (kept.length === 1) renameSync(other, path)
          return 'go on'
        },
      }),
    )
    expect(outcome).toBe('overwritten')
    expect(kept).toEqual([20, 30])
    expect(ask(path, 'select count(*) from items')).toBe(1)
  })

  test('is left as it is on request, and other programs go on', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(20, mode))
    const from = createDatabase(place.path('new'), itemsScript(1))
    await using app = await openElsewhere(path)
    expect(await overwrite(path, from, options(place, { before: async () => 'leave it' }))).toBe('left')
    await app.script(`insert into items (body) values ('mine')`)
    expect(ask(path, 'select count(*) from items')).toBe(21)
  })

  test('a writer that does not end is named, and nothing has changed', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(20, mode))
    const from = createDatabase(place.path('new'), itemsScript(1))
    await using app = await openElsewhere(path)
    await app.script(`begin immediate; insert into items (body) values ('unfinished')`)
    await expect(overwrite(path, from, options(place, { timeoutMs: 300 }))).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(`(pid ${app.pid})`) as string,
    })
    await app.sql('commit')
    expect(ask(path, 'select count(*) from items')).toBe(21)
  })

  test('an empty database takes content, and can be emptied', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), mode === 'wal' ? 'pragma journal_mode = wal' : '')
    const from = createDatabase(place.path('new'), itemsScript(5))
    await overwrite(path, from, options(place))
    expect(ask(path, 'select count(*) from items')).toBe(5)
    copyFileSync('/dev/null', place.path('empty'))
    await overwrite(path, place.path('empty'), options(place))
    expect(ask(path, 'select count(*) from sqlite_schema')).toBe(0)
    expect(ask(path, 'pragma integrity_check')).toBe('ok')
  })

  test('leaves nothing temporary', async () => {
    using place = createPlace()
    const path = createDatabase(place.path('db'), itemsScript(5, mode))
    const from = createDatabase(place.path('new'), `pragma page_size = 8192; ${itemsScript(5, 'wal')}`)
    await overwrite(path, from, options(place))
    expect(readdirSync(place.folder).filter((name) => !/^(db|new)/.test(name))).toEqual([])
  })
})
