import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, truncateSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { ContentFacts } from '../engine.ts'
import { openElsewhere } from '../../../test/support/other-program.ts'
import { createDatabase, createPlace, flipByte, itemsScript } from './databases.fixture.ts'
import { pin } from './pin.ts'
import { verify } from './verify.ts'

const INTERIOR_TABLE_PAGE = 5

test('CHECK constraints are no damage: with a function of the app, or violated by a stored row', async () => {
  using place = createPlace()
  const path = place.path('db')
  {
    using app = new DatabaseSync(path)
    app.function('regexp', (pattern, text) => (new RegExp(String(pattern)).test(String(text)) ? 1 : 0))
    app.exec(`create table slugs (slug text check (slug regexp '^[a-z]+$')); insert into slugs values ('fine');
      create table prices (price integer check (price > 0));
      pragma ignore_check_constraints = on; insert into prices values (-5)`)
  }
  expect(await verify(path, await factsOf(path))).toEqual({ sound: true })
})

test('a collation that only the app has makes no verdict of sound, and no exception', async () => {
  using place = createPlace()
  const path = place.path('db')
  createWithCollation(path)
  expect(await verify(path, await factsOf(path))).toEqual({
    sound: false,
    reason: expect.stringContaining('no such collation sequence: danish') as string,
  })
})

test('a module that only the app has is no exception either', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), 'create table t (x)')
  await using app = await openElsewhere(path)
  await app.script(`pragma writable_schema = on;
    insert into sqlite_schema values ('table', 'v', 'v', 0, 'create virtual table v using module_of_the_app(x)')`)
  await app.close()
  expect(await verify(path, await factsOf(path))).toHaveProperty('sound')
})

test('one flipped byte in an interior page is found', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(4_000))
  const facts = await factsOf(path)
  expect(await verify(path, facts)).toEqual({ sound: true })
  flipByte(path, offsetOfInteriorPage(path, facts.pageSize) + 8)
  expect(await verify(path, facts)).toMatchObject({ sound: false, reason: expect.any(String) as string })
})

test('a file that is cut off in a page, between pages, or to nothing is found', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(100))
  const facts = await factsOf(path)
  for (const bytes of [facts.pageCount * facts.pageSize - 1, facts.pageSize * 3, 50, 0]) {
    const cut = place.path(`cut-${bytes}`)
    copyFileSync(path, cut)
    truncateSync(cut, bytes)
    expect(await verify(cut, facts), `${bytes} bytes left`).toMatchObject({ sound: false })
  }
})

test('a sound database of another size or page size is not the one that was expected', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(100))
  const { pageCount, pageSize } = await factsOf(path)
  expect(await verify(path, { pageCount: pageCount - 1, pageSize })).toEqual({
    sound: false,
    reason: `it has ${pageCount * pageSize} bytes instead of ${(pageCount - 1) * pageSize}`,
  })
  expect(await verify(path, { pageCount: pageCount * 2, pageSize: pageSize / 2 })).toEqual({
    sound: false,
    reason: `it has ${pageCount} pages instead of ${pageCount * 2}`,
  })
})

test('what is no database at all is unsound, what is not there is an error', async () => {
  using place = createPlace()
  const path = createDatabase(place.path('db'), itemsScript(100))
  const facts = await factsOf(path)
  for (let offset = 0; offset < 16; offset += 1) flipByte(path, offset)
  expect(await verify(path, facts)).toMatchObject({ sound: false })
  await expect(verify(place.path('absent'), facts)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a large file is checked with the same result while this thread goes on', async () => {
  using place = createPlace('ram')
  const path = createDatabase(place.path('db'), itemsScript(60_000))
  // As its callers have it: still pinned, with functions that no thread can be given.
  using facts = await pin(path)
  let turns = 0
  const tick = (): void => {
    turns += 1
    timer = setImmediate(tick)
  }
  let timer = setImmediate(tick)
  const verdict = await verify(path, facts)
  clearImmediate(timer)
  expect(verdict).toEqual({ sound: true })
  // Some microseconds each, while a thread takes tens of milliseconds to start. Blocked, there are some hundred at most.
  expect(turns).toBeGreaterThan(5_000)

  facts[Symbol.dispose]()
  flipByte(path, offsetOfInteriorPage(path, facts.pageSize) + 8)
  expect(await verify(path, facts)).toMatchObject({ sound: false })
})

async function factsOf(path: string): Promise<ContentFacts> {
  using pinned = await pin(path)
  return { pageCount: pinned.pageCount, pageSize: pinned.pageSize }
}

function offsetOfInteriorPage(path: string, pageSize: number): number {
  const bytes = readFileSync(path)
  for (let offset = pageSize; offset < bytes.length; offset += pageSize) {
    if (bytes[offset] === INTERIOR_TABLE_PAGE) return offset
  }
  throw new Error(`${path} has no interior page: it is too small`)
}

/** node:sqlite cannot define collations; Python can. */
function createWithCollation(path: string): void {
  const script = `import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.create_collation('danish', lambda a, b: (a > b) - (a < b))
c.executescript("create table names (name text collate danish); create index i on names (name);"
                "insert into names values ('Aase'), ('Zoe')")`
  execFileSync('python3', ['-c', script, path])
}
