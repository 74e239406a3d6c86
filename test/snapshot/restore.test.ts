import { chmodSync, existsSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contextOf } from '../session/support/in-process.ts'
import { openElsewhere } from '../support/other-program.ts'
import { createPlayground, inodeAt, isLink, runSql } from '../support/playground.ts'
import { restoreIn } from './support/in-process.ts'
import { events, historyOf, shelf, unfinishedIn, words, write } from './support/shelf.ts'

describe.each(['on disk', 'in RAM', 'in RAM with --journal wal'])('a database %s', (where) => {
  test.each(['delete', 'wal'])(
    'is restored under an app that has it open, and stays the same file (%s)',
    async (mode) => {
      await using playground = await createPlayground()
      playground.sql(`pragma page_size = 8192; pragma journal_mode = ${mode}; create table item (word)`)
      write(playground, 'kept')
      chmodSync(playground.origin, 0o640)
      if (where !== 'on disk') await playground.devshm('attach', ...(where.endsWith('wal') ? ['--journal', 'wal'] : []))
      await events(playground, 'snapshot', 'a')
      write(playground, 'overwritten')
      const [before] = playground.sql('pragma journal_mode')
      const inode = inodeAt(playground.origin)
      await using app = await openElsewhere(playground.origin)
      expect(await app.sql('select word from item')).toEqual([['overwritten']])
      const restored = await events(playground, 'restore', 'a')
      expect(restored).toMatchObject([{ type: 'restore', from: 'a', changed: true, kept: '@before-restore-1' }])
      expect(await app.sql('select word from item')).toEqual([['kept']])
      await app.script(`insert into item values ('and on')`)
      expect(words(playground.origin)).toEqual(['kept', 'and on'])
      expect(playground.sql('pragma journal_mode')).toEqual([before])
      expect(playground.sql('pragma page_size')).toEqual([{ page_size: 8192 }])
      expect(statSync(playground.origin).mode & 0o777).toBe(0o640)
      expect(inodeAt(playground.origin)).toBe(inode)
      expect(isLink(playground.origin)).toBe(where !== 'on disk')
      expect(shelf(playground)).toMatchObject({ a: ['kept'], '@before-restore-1': ['overwritten'] })
      expect(unfinishedIn(playground)).toEqual([])
      expect(playground.inRam().filter((file) => /stage|overwrite/.test(file))).toEqual([])
    },
  )
})

test('what it holds already is not written again, and nothing is kept', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await events(playground, 'snapshot', 'a')
  const { mtimeMs } = statSync(playground.origin)
  expect(await events(playground, 'restore', 'a')).toMatchObject([{ changed: false }])
  expect(statSync(playground.origin).mtimeMs).toBe(mtimeMs)
  expect(Object.keys(shelf(playground))).toEqual(['a'])
  expect(historyOf(playground)).toEqual({ base: { kind: 'snapshot', name: 'a', at: expect.any(String) as string } })
})

test('a file is restored as others have committed it: open elsewhere, with a full log, with other pages, by a link', async () => {
  await using playground = await createPlayground()
  write(playground, 'mine')
  const path = join(playground.folder, 'theirs.db')
  runSql(path, `pragma page_size = 512; pragma journal_mode = wal; create table item (word)`)
  await using other = await openElsewhere(path)
  await other.script(`insert into item values ('theirs')`)
  symlinkSync(path, join(playground.folder, 'link.db'))
  const [event] = await events(playground, 'restore', 'link.db', '--db', 'db.sqlite3')
  expect(event).toMatchObject({ from: 'link.db', kept: '@before-restore-1' })
  expect(words(playground.origin)).toEqual(['theirs'])
  expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: 'delete' }])
  await other.script(`insert into item values ('only theirs')`)
  expect(words(playground.origin)).toEqual(['theirs'])
})

test('what is no database is refused in one line, and nothing changes', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await playground.command('sh', '-c', 'echo letter > letter.txt; ln -s nowhere dangling')
  for (const [wanted, problem] of [
    ['letter.txt', 'not a SQLite database'],
    ['.', 'is a folder'],
    ['dangling', 'no snapshot dangling, and there is no such file'],
    ['db.sqlite3/x', 'no such file'],
    ['x'.repeat(300), 'no such file'],
    ['@before-reset', 'no snapshot @before-reset'],
    ['', 'no such file'],
  ] as const) {
    const { status, stderr } = await playground.devshm('restore', wanted, '--db', 'db.sqlite3')
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(problem) as string })
    expect(stderr).not.toMatch(/ at .*:\d+/)
  }
  expect(words(playground.origin)).toEqual(['one'])
  expect(shelf(playground)).toEqual({})
})

test('the origin itself and the original file of an attached database can be named', async () => {
  await using playground = await createPlayground()
  playground.sql('pragma journal_mode = wal')
  write(playground, 'one')
  await playground.devshm('attach')
  expect(await events(playground, 'restore', 'db.sqlite3')).toMatchObject([{ changed: false }])
  write(playground, 'two')
  expect(await events(playground, 'restore', '@attach')).toMatchObject([{ changed: true, kept: '@before-restore-1' }])
  expect(words(playground.origin)).toEqual(['one'])
  expect(Object.keys(shelf(playground))).toEqual(['@attach', '@before-restore-1'])
  expect((await playground.devshm('detach')).status).toBe(0)
  expect(words(playground.origin)).toEqual(['one'])
})

test('where there is no database, one is made, with the permissions that SQLite gives', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await events(playground, 'snapshot', 'a')
  rmSync(playground.origin)
  expect(await events(playground, 'restore', 'a', '--db', 'db.sqlite3')).toMatchObject([{ changed: true, from: 'a' }])
  expect(words(playground.origin)).toEqual(['one'])
  playground.sql('create table item (word)', join(playground.folder, 'usual.db'))
  expect(statSync(playground.origin).mode).toBe(statSync(join(playground.folder, 'usual.db')).mode)
  rmSync(join(playground.folder, 'usual.db'))
  expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])
})

test('a busy app is named, nothing has changed, and what undo brings back is as before', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await events(playground, 'snapshot', 'a')
  write(playground, 'two')
  await events(playground, 'restore', 'a')
  const before = [shelf(playground), historyOf(playground)]
  write(playground, 'three')
  await using app = await openElsewhere(playground.origin)
  await app.script(`begin immediate; insert into item values ('unfinished')`)
  const { status, stderr } = await playground.devshm('restore', '@before-restore', '--timeout', '0')
  expect(status).toBe(1)
  expect(stderr).toContain(`(pid ${app.pid})`)
  expect([shelf(playground), historyOf(playground)]).toEqual(before)
  await app.sql('commit')
  expect(words(playground.origin)).toEqual(['three', 'unfinished'])
  // Also if it commits after its state was kept, and is busy again then.
  const context = contextOf(playground, async (step) => {
    if (step === 'overwrite:kept') await app.script(`insert into item values ('later'); begin immediate`)
  })
  await expect(restoreIn(context, 'a', 0)).rejects.toMatchObject({ code: 'BUSY' })
  expect([shelf(playground), historyOf(playground)]).toEqual(before)
  await app.sql('rollback')
  expect(existsSync(`${playground.origin}-journal`)).toBe(false)
})
