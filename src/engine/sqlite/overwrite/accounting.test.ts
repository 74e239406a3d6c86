import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openElsewhere } from '../../../../test/support/other-program.ts'
import type { OverwriteOptions } from '../../engine.ts'
import { ask, createDatabase, createPlace, itemsScript, JOURNAL_MODES, type Place } from '../databases.fixture.ts'
import { sqliteEngine } from '../index.ts'
import { overwrite } from './overwrite.ts'

const ROUNDS = 15
const WRITER = join(import.meta.dirname, 'writer.driver.ts')

const go: OverwriteOptions['before'] = async () => 'go on'

/** Keeps what `before` is given; the last one counts. */
function keeping(place: Place, name: string): { options: OverwriteOptions; calls: () => number; last: () => string } {
  let calls = 0
  const nameOf = (call: number): string => place.path(`${name}-${call}`)
  return {
    options: {
      stageIn: place.folder,
      before: async (old) => {
        calls += 1
        await old.copyTo(nameOf(calls), 0o600)
        return 'go on'
      },
    },
    calls: () => calls,
    last: () => nameOf(calls),
  }
}

describe.each(JOURNAL_MODES)('a database in %s mode', (mode) => {
  test('every commit of busy writers is in what was kept last or in what comes after', async () => {
    using place = createPlace('ram')
    const numbers = `create table numbers (n integer primary key)`
    const path = createDatabase(place.path('db'), `pragma journal_mode = ${mode}; ${numbers}`)
    const from = createDatabase(place.path('new'), `${numbers}; ${itemsScript(2000)}`)
    const writer = fork(WRITER, [path], { execArgv: [] })
    onTestFinished(() => void writer.kill('SIGKILL'))
    await once(writer, 'message')
    const kept: string[] = []
    let done = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const keeper = keeping(place, `round-${round}`)
      try {
        await overwrite(path, from, { ...keeper.options, timeoutMs: 1000 })
        kept.push(keeper.last())
        // The second time nobody else could commit any more: it is not tried again and again.
        expect(keeper.calls()).toBeLessThanOrEqual(2)
        done += 1
      } catch (error) {
        // A program that hardly ever pauses may be one that is waited for too long.
        expect(error).toMatchObject({ code: 'BUSY' })
      }
    }
    const told = once(writer, 'message')
    writer.send('stop')
    const [committed] = (await told) as [number[]]
    const found = new Set([...kept, path].flatMap((file) => numbersIn(file)))
    expect(committed.length).toBeGreaterThan(ROUNDS)
    expect(committed.filter((n) => !found.has(n))).toEqual([])
    expect(done).toBeGreaterThan(0)
  })

  test('readers in a tight loop cannot keep it waiting, and see one state or the other', async () => {
    using place = createPlace('ram')
    const path = createDatabase(place.path('db'), itemsScript(200, mode))
    const from = createDatabase(place.path('new'), itemsScript(300))
    await using one = await openElsewhere(path)
    await using other = await openElsewhere(path)
    await one.repeat('begin; select count(*) from items; select sum(length(filler)) from items; commit')
    await other.repeat('begin; select count(*) from items; select sum(length(filler)) from items; commit')
    for (let round = 0; round < 5; round += 1) {
      expect(await overwrite(path, from, { before: go, stageIn: place.folder, timeoutMs: 3000 })).toBe('overwritten')
    }
    expect(ask(path, 'select count(*) from items')).toBe(300)
  })

  test('its own locks hold until it is over: nobody commits between what was kept and what is written', async () => {
    using place = createPlace('ram')
    const path = createDatabase(place.path('db'), itemsScript(6000, mode))
    const from = createDatabase(place.path('new'), itemsScript(6000))
    await using app = await openElsewhere(path)
    let attempts = 0
    let late: Promise<unknown> | undefined
    const onProgress = (): void => {
      attempts += 1
      late ??= app.sql(`insert into items (body) values ('too late')`).then(
        () => 'committed',
        (error: unknown) => String(error),
      )
    }
    await overwrite(path, from, { before: go, stageIn: place.folder, onProgress })
    expect(attempts).toBeGreaterThan(0)
    const outcome = await late
    const rows = ask(path, `select count(*) from items where body = 'too late'`)
    // Refused, or, if it came after all was over, in the new content.
    expect([String(outcome).includes('locked'), rows]).toEqual(rows === 0 ? [true, 0] : [false, 1])
  })
})

test('a log that is in the file already does not look like a commit for ever', async () => {
  using place = createPlace('ram')
  const path = createDatabase(place.path('db'), itemsScript(3000, 'wal'))
  const from = createDatabase(place.path('new'), itemsScript(4000))
  await using app = await openElsewhere(path)
  await app.script(`insert into items (body) values ('x'); pragma wal_checkpoint(passive)`)
  const { options, calls, last } = keeping(place, 'kept')
  expect(await overwrite(path, from, options)).toBe('overwritten')
  expect(calls()).toBeLessThan(3)
  expect(ask(last(), 'select count(*) from items')).toBe(3001)
})

test('an empty database that is filled meanwhile is looked at again, and so is one that gets a log', async () => {
  using place = createPlace('ram')
  const from = createDatabase(place.path('new'), itemsScript(100))
  for (const [name, first, then] of [
    ['empty', '', itemsScript(7)],
    ['rollback', itemsScript(7), 'pragma journal_mode = wal'],
  ] as const) {
    const path = createDatabase(place.path(name), first)
    const pages: number[] = []
    const before: OverwriteOptions['before'] = async (old) => {
      pages.push(old.pageCount)
      old[Symbol.dispose]()
      if (pages.length === 1) {
        await using app = await openElsewhere(path)
        await app.script(then)
      }
      return 'go on'
    }
    expect(await overwrite(path, from, { before, stageIn: place.folder })).toBe('overwritten')
    expect(pages.length).toBe(2)
    expect(pages[1]).toBeGreaterThan(1)
    expect(ask(path, 'select count(*) from items')).toBe(100)
    expect(await sqliteEngine.findOpeners(path)).toEqual([])
  }
})

function numbersIn(path: string): number[] {
  const text = ask(path, `select group_concat(n) from numbers`)
  return typeof text === 'string' ? text.split(',').map(Number) : []
}
