import { appendFileSync, copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { haveSameContent } from './content.ts'
import { backup } from './connection.ts'
import { createDatabase, createPlace, flipByte, itemsScript, JOURNAL_MODES, type Place } from './databases.fixture.ts'

test.for(JOURNAL_MODES)(
  'a change that was taken back is the same content, whatever the counters say (%s)',
  async (mode) => {
    using place = createPlace()
    const { path, copy } = twoOf(place, mode)
    createDatabase(path, `pragma user_version = 9`)
    createDatabase(path, `pragma user_version = 0`)
    if (mode === 'delete') expect(countersOf(path)).not.toEqual(countersOf(copy))
    expect(await haveSameContent(path, copy)).toBe(true)
  },
)

test('WAL commits leave the counters of the header alone, and are seen all the same', async () => {
  using place = createPlace()
  const { path, copy } = twoOf(place, 'wal')
  for (const body of ['one', 'two', 'three']) createDatabase(path, `update items set body = '${body}' where id = 7`)
  expect(countersOf(path)).toEqual(countersOf(copy))
  expect(await haveSameContent(path, copy)).toBe(false)
})

test.for(JOURNAL_MODES)(
  'a copy by the backup API is the same content, after many schema changes too (%s)',
  async (mode) => {
    using place = createPlace()
    const { path } = twoOf(place, mode)
    for (const name of ['a', 'b', 'c']) createDatabase(path, `create table ${name} (x); drop table ${name}`)
    {
      using source = new DatabaseSync(path)
      await backup(source, place.path('backup'), { rate: 1000 })
    }
    expect(await haveSameContent(path, place.path('backup'))).toBe(true)
  },
)

test('one changed byte anywhere else is another content', async () => {
  using place = createPlace()
  const { path, copy } = twoOf(place)
  const size = statSync(path).size
  // The ends of the file, the page size, both sides of what is left out, and the user version.
  const offsets = [0, 16, 23, 28, 39, 44, 63, 91, 100, Math.floor(size / 2), size - 1]
  for (const offset of offsets) {
    flipByte(copy, offset)
    expect(await haveSameContent(path, copy), `byte ${offset}`).toBe(false)
    expect(await haveSameContent(path, copy, { ignoreJournalMode: true }), `byte ${offset}`).toBe(false)
    flipByte(copy, offset)
  }
  expect(await haveSameContent(path, copy)).toBe(true)
})

test('a setting that persists in the header is content', async () => {
  using place = createPlace()
  const { path, copy } = twoOf(place)
  createDatabase(copy, 'pragma user_version = 2')
  expect(await haveSameContent(path, copy)).toBe(false)
})

test('the journal mode is content unless it is left out', async () => {
  using place = createPlace()
  const { path, copy } = twoOf(place)
  createDatabase(copy, 'pragma journal_mode = wal')
  expect(await haveSameContent(path, copy)).toBe(false)
  expect(await haveSameContent(path, copy, { ignoreJournalMode: true })).toBe(true)
})

test('a file that only goes on longer is another content', async () => {
  using place = createPlace()
  const { path, copy } = twoOf(place)
  appendFileSync(copy, Buffer.alloc(1))
  expect(await haveSameContent(path, copy)).toBe(false)
  expect(await haveSameContent(copy, path)).toBe(false)
})

test.for(['-wal', '-journal'])('a file with something in %s beside it is not its own content', async (suffix) => {
  using place = createPlace()
  const { path, copy } = twoOf(place)
  writeFileSync(copy + suffix, '')
  expect(await haveSameContent(path, copy)).toBe(true)
  writeFileSync(copy + suffix, 'x')
  expect(await haveSameContent(path, copy)).toBe(false)
  expect(await haveSameContent(copy, path)).toBe(false)
})

test('two empty files are the same, an empty one and a database are not', async () => {
  using place = createPlace()
  const { path, copy } = twoOf(place)
  writeFileSync(copy, '')
  expect(await haveSameContent(path, copy)).toBe(false)
  writeFileSync(path, '')
  expect(await haveSameContent(path, copy)).toBe(true)
})

function twoOf(place: Place, mode: 'delete' | 'wal' = 'delete'): { path: string; copy: string } {
  const path = createDatabase(place.path('db'), itemsScript(100, mode))
  copyFileSync(path, place.path('copy'))
  return { path, copy: place.path('copy') }
}

/** The change counter and the version it was valid for. */
function countersOf(path: string): number[] {
  const bytes = readFileSync(path)
  return [bytes.readUInt32BE(24), bytes.readUInt32BE(92)]
}
