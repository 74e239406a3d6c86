import { linkSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { attachIn, contextOf, detachIn } from '../session/support/in-process.ts'
import { openElsewhere } from '../support/other-program.ts'
import { createPlayground, DEVSHM, liveOf, runSql } from '../support/playground.ts'
import { mayMount, mountVolume } from '../support/small-volume.ts'
import { restoreIn, snapshotIn, undoIn } from './support/in-process.ts'
import { events, historyOf, shelf, snapshotPathIn, unfinishedIn, words, write } from './support/shelf.ts'

test('a database that SQLite alone cannot vouch for is kept and restored all the same, on disk and in RAM', async () => {
  await using playground = await createPlayground()
  const context = contextOf(playground)
  // node:sqlite cannot define collations; Python can.
  const script = `import sqlite3; c = sqlite3.connect('db.sqlite3')
c.create_collation('odd', lambda a, b: (a > b) - (a < b))
c.executescript("create table odd (name text collate odd unique); insert into odd values ('x')")`
  expect(await playground.command('python3', '-c', script)).toMatchObject({ status: 0 })
  write(playground, 'one')
  for (const where of ['on disk', 'in RAM']) {
    if (where === 'in RAM') await attachIn(context)
    await snapshotIn(context, 'a')
    write(playground, `two ${where}`)
    await restoreIn(context, 'a')
    expect(words(playground.origin)).toEqual(['one'])
    await undoIn(context)
    expect(words(playground.origin)).toEqual([`two ${where}`])
    await restoreIn(context, 'a')
  }
})

test('of two restores at once one waits for the other, and undo takes back the later one', async () => {
  await using playground = await createPlayground()
  for (const word of ['a', 'b', 'now']) {
    write(playground, word)
    if (word !== 'now') await events(playground, 'snapshot', word)
  }
  const both = await Promise.all([events(playground, 'restore', 'a'), events(playground, 'restore', 'b')])
  expect(both.flat().map(({ changed }) => changed)).toEqual([true, true])
  const [last] = words(playground.origin)
  await events(playground, 'undo')
  expect(words(playground.origin)).toEqual([last === 'a' ? 'b' : 'a'])
  expect(shelf(playground)).toMatchObject({ '@before-restore-1': ['now'] })
})

test('under `devshm run` the command sees it, the session goes on, and what it saves is what was restored', async () => {
  await using playground = await createPlayground()
  write(playground, 'old')
  await events(playground, 'snapshot', 'a')
  write(playground, 'new')
  const wait = `until test -e go; do sleep 0.02; done; sqlite3 db.sqlite3 'select word from item'`
  const run = playground.start(...DEVSHM, 'run', '--save-every', '0.1', '--', 'sh', '-c', wait)
  await run.waitFor(/is in RAM/)
  await events(playground, 'restore', 'a')
  await run.waitFor(/saved db\.sqlite3/)
  expect(words(join(playground.folder, '.devshm/db.sqlite3/last-save.sqlite3'))).toEqual(['old'])
  writeFileSync(join(playground.folder, 'go'), '')
  expect(await run.exit).toBe(0)
  expect(run.output).toMatch(/^old$/m)
  expect(run.output).not.toMatch(/replaced|failed/)
  expect(words(playground.origin)).toEqual(['old'])
})

test.skipIf(!mayMount)(
  'without room in RAM nothing has changed, and undo is of what it was of before (needs root)',
  async () => {
    await using playground = await createPlayground()
    using volume = mountVolume('size=8m,mode=1777')
    const context = contextOf({ origin: playground.origin, volume: volume.path })
    write(playground, 'one')
    await attachIn(context)
    await snapshotIn(context, 'a')
    write(playground, 'two')
    await restoreIn(context, 'a')
    const before = [historyOf(playground), shelf(playground)]
    const large = join(playground.folder, 'large.db')
    runSql(large, `create table item (word); insert into item values (zeroblob(12000000))`)
    await expect(restoreIn(context, large)).rejects.toMatchObject({ code: 'NO_SPACE' })
    expect([historyOf(playground), shelf(playground)]).toEqual(before)
    expect(words(playground.origin)).toEqual(['one'])
    expect(readdirSync(dirname(liveOf(playground.origin))).filter((file) => /stage|overwrite/.test(file))).toEqual([])
    await undoIn(context)
    expect(words(playground.origin)).toEqual(['two'])
    await detachIn(context)
  },
)

test('copies that a crash left in RAM go with the next command', async () => {
  await using playground = await createPlayground()
  const context = contextOf(playground)
  write(playground, 'one')
  await attachIn(context)
  const folder = dirname(liveOf(playground.origin))
  const left = [
    'snapshot-stage.sqlite3',
    'snapshot-stage.sqlite3-journal',
    'overwrite-0a-1b.sqlite3.plain',
    'stage.sqlite3',
  ]
  for (const name of left) writeFileSync(join(folder, name), 'left over')
  await snapshotIn(context, 'a')
  expect(readdirSync(folder).toSorted()).toEqual(['attachment.json', 'live.sqlite3'])
  expect(unfinishedIn(playground)).toEqual([])
})

test('a snapshot that somebody has opened and written to is what they made of it', async () => {
  await using playground = await createPlayground()
  const context = contextOf(playground)
  write(playground, 'one')
  await snapshotIn(context, 'a')
  write(playground, 'two')
  await using app = await openElsewhere(snapshotPathIn(playground, 'a'))
  await app.script(`pragma journal_mode = wal; insert into item values ('theirs')`)
  await restoreIn(context, 'a')
  expect(words(playground.origin)).toEqual(['one', 'theirs'])
})

test('a database with two names keeps both', async () => {
  await using playground = await createPlayground()
  const context = contextOf(playground)
  write(playground, 'one')
  await snapshotIn(context, 'a')
  write(playground, 'two')
  linkSync(playground.origin, join(playground.folder, 'name.db'))
  await restoreIn(context, 'a')
  expect(statSync(playground.origin).nlink).toBe(2)
  expect(words(join(playground.folder, 'name.db'))).toEqual(['one'])
})

test('a link of the user’s own that leads nowhere is left alone', async () => {
  await using playground = await createPlayground()
  runSql(join(playground.folder, 'file.db'), 'create table item (word)')
  symlinkSync('gone.db', playground.origin)
  const { status, stderr } = await playground.devshm('restore', 'file.db', '--db', 'db.sqlite3')
  expect(status).toBe(1)
  expect(stderr).toContain('which does not exist')
  expect(readdirSync(playground.folder).toSorted()).toEqual(['db.sqlite3', 'file.db'])
})
