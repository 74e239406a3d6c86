import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { ask, createDatabase, createPlace, itemsScript } from './databases.fixture.ts'
import { keepLogShort } from './log-keeper.ts'

/** A second is what is promised; the rest is for a machine that is busy with other tests. */
const PROMISED = { timeout: 30_000, interval: 20 }

/** Longer than a look: for what must not happen. */
const A_FEW_LOOKS_MS = 400

const items = (path: string): unknown => ask(path, 'select count(*) from items')

/** `cp`, in another process: opening and closing the file here would drop this process's locks on it (POSIX). */
function cp(from: string, to: string): void {
  execFileSync('cp', [from, to])
}

const logSize = (path: string): number => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0

test('an app that connects for each commit: soon after the last one, plain cp works out of and over the path', async () => {
  using place = createPlace('ram')
  const path = createDatabase(place.path('db'), itemsScript(10, 'wal'))
  cp(path, place.path('earlier'))
  using _keeper = keepLogShort(path)
  await commitAndClose(path, 5)
  await expect.poll(() => (cp(path, place.path('copy')), items(place.path('copy'))), PROMISED).toBe(15)
  await expect.poll(() => readdirSync(place.folder).filter((file) => file.startsWith('db-')), PROMISED).toEqual([])

  cp(place.path('earlier'), path)
  expect(await countElsewhere(path)).toBe(10)
  await commitAndClose(path, 2)
  await expect.poll(() => (cp(path, place.path('copy')), items(place.path('copy'))), PROMISED).toBe(12)
})

test('an app that keeps its connection: cp works out of the path, and over it for every new connection', async () => {
  using place = createPlace('ram')
  const path = createDatabase(place.path('db'), itemsScript(10, 'wal'))
  cp(path, place.path('earlier'))
  using _keeper = keepLogShort(path)
  await using app = await openElsewhere(path)
  await app.sql(`insert into items (body) values ('added')`)
  expect(logSize(path)).toBeGreaterThan(0)
  await expect.poll(() => logSize(path), PROMISED).toBe(0)
  cp(path, place.path('copy'))
  expect(items(place.path('copy'))).toBe(11)

  // The app's own connection may go on seeing what it had read before: nothing tells it that the file was replaced.
  cp(place.path('earlier'), path)
  expect(await countElsewhere(path)).toBe(10)
})

test('while commits arrive the log stays, so that connecting for each of them is cheap', async () => {
  using place = createPlace('ram')
  const path = createDatabase(place.path('db'), itemsScript(10, 'wal'))
  await commitAndClose(path, 1)
  expect(logSize(path)).toBe(0)
  using _keeper = keepLogShort(path)
  await untilAwake(path)
})

test('a database that is created meanwhile is put into write-ahead mode', async () => {
  using place = createPlace('ram')
  const path = place.path('db')
  writeFileSync(path, '')
  using _keeper = keepLogShort(path)
  await using app = await openElsewhere(path)
  await app.script('pragma page_size = 8192; create table items (id integer primary key)')
  await expect.poll(() => ask(path, 'pragma journal_mode'), PROMISED).toBe('wal')
  expect(ask(path, 'pragma page_size')).toBe(8192)
})

test('an empty database stays empty', async () => {
  using place = createPlace('ram')
  const path = place.path('db')
  writeFileSync(path, '')
  using _keeper = keepLogShort(path)
  utimesSync(path, new Date(), new Date())
  await delay(A_FEW_LOOKS_MS)
  expect(statSync(path).size).toBe(0)
  expect(readdirSync(place.folder)).toEqual(['db'])
})

test.for(['asleep', 'awake'])(
  'a database that goes away is no failure and is not created again (%s)',
  async (state) => {
    using place = createPlace('ram')
    mkdirSync(place.path('folder'))
    const path = createDatabase(place.path('folder/db'), itemsScript(10, 'wal'))
    {
      using _keeper = keepLogShort(path)
      if (state === 'awake') await untilAwake(path)
      renameSync(place.path('folder'), place.path('gone'))
      await delay(A_FEW_LOOKS_MS)
      mkdirSync(place.path('folder'))
      await delay(A_FEW_LOOKS_MS)
      rmSync(place.path('gone'), { recursive: true })
    }
    expect(readdirSync(place.path('folder'))).toEqual([])
  },
)

test('an app that holds the write lock for long is not disturbed, and what it commits is kept short afterwards', async () => {
  using place = createPlace('ram')
  const path = createDatabase(place.path('db'), itemsScript(10, 'wal'))
  using _keeper = keepLogShort(path)
  await untilAwake(path)
  await using app = await openElsewhere(path)
  await app.script(`begin immediate; insert into items (body) values ('slow')`)
  await delay(A_FEW_LOOKS_MS)
  await app.sql('commit')
  const before = items(path)
  await expect.poll(() => (cp(path, place.path('copy')), items(place.path('copy'))), PROMISED).toBe(before)
})

test('what was committed since the last look is in the file when the keeper stops', async () => {
  using place = createPlace('ram')
  const path = createDatabase(place.path('db'), itemsScript(10, 'wal'))
  {
    using _keeper = keepLogShort(path)
    await using app = await openElsewhere(path)
    await app.sql(`insert into items (body) values ('last')`)
    await app.kill()
  }
  cp(path, place.path('copy'))
  expect(items(place.path('copy'))).toBe(11)
  expect(logSize(path)).toBe(0)
})

/** Another process connects, commits and closes, so many times. */
async function commitAndClose(path: string, times: number): Promise<void> {
  await using app = await openElsewhere(path, { timeoutMs: 5_000 })
  for (let n = 0; n < times; n += 1) {
    await app.reopen()
    await app.sql(`insert into items (body) values ('added')`)
    await app.close()
  }
}

async function countElsewhere(path: string): Promise<number> {
  await using app = await openElsewhere(path)
  return Number((await app.sql('select count(*) from items'))[0]?.[0])
}

/** Commit until the log outlives the app's connection, because the keeper has one of its own. */
async function untilAwake(path: string): Promise<void> {
  await using app = await openElsewhere(path, { timeoutMs: 5_000 })
  const commit = async (): Promise<number> => {
    await app.reopen()
    await app.sql(`insert into items (body) values ('added')`)
    await app.close()
    return logSize(path)
  }
  await expect.poll(commit, PROMISED).toBeGreaterThan(0)
}
