import { lstatSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, liveOf, type Playground } from '../support/playground.ts'
import { liveFilesIn } from './support/live-files.ts'

const asRoot = process.getuid?.() === 0

async function withDatabase(setUp: string): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql(`${setUp}; create table item (id); insert into item values (1)`)
  return playground
}

const runSqlite = (playground: Playground, sql: string): Promise<{ status: number; stderr: string }> =>
  playground.devshm('run', '--', 'sqlite3', 'db.sqlite3', sql)

describe.each(['delete', 'wal'])('after a run that changed nothing (%s)', (mode) => {
  test('the original file is back: same inode, same times', async () => {
    await using playground = await withDatabase(`pragma journal_mode = ${mode}`)
    const before = lstatSync(playground.origin)
    const { status, stderr } = await runSqlite(playground, 'select * from item')
    expect(status).toBe(0)
    expect(stderr).toContain('db.sqlite3 is unchanged')
    const { ino, mtimeMs, mode: bits } = lstatSync(playground.origin)
    expect({ ino, mtimeMs, bits }).toEqual({ ino: before.ino, mtimeMs: before.mtimeMs, bits: before.mode })
    expect(liveFilesIn(playground)).toEqual([])
    expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])
  })

  test('so it is when commits ended where they began, even after saves of other states', async () => {
    await using playground = await withDatabase(`pragma journal_mode = ${mode}`)
    // Numbers of one size, so that going back leaves no trace of the detour in the pages.
    playground.sql(`update item set id = 100`)
    const before = lstatSync(playground.origin)
    await playground.devshm('attach')
    playground.sql(`update item set id = 101`)
    expect((await playground.devshm('save')).stderr).toContain('saved')
    playground.sql(`update item set id = 100`)
    const { stderr } = await playground.devshm('detach')
    expect(stderr).toContain('db.sqlite3 is unchanged')
    expect(lstatSync(playground.origin)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs })
  })
})

describe('after a run that changed the database', () => {
  test.each(['delete', 'wal'])(
    'the new content is on disk, with journal mode and page size as before (%s)',
    async (mode) => {
      await using playground = await withDatabase(`pragma page_size = 1024; pragma journal_mode = ${mode}`)
      const { status, stderr } = await runSqlite(playground, 'insert into item values (2)')
      expect(status).toBe(0)
      expect(stderr).toContain('saved to db.sqlite3')
      expect(lstatSync(playground.origin).isFile()).toBe(true)
      expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
      expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }])
      expect(playground.sql('pragma page_size')).toEqual([{ page_size: 1024 }])
      expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    },
  )

  test('a commit in WAL mode that leaves the header counters alone is a change', async () => {
    await using playground = await withDatabase('pragma journal_mode = wal')
    await playground.devshm('attach')
    for (const id of [2, 3, 4]) playground.sql(`update item set id = ${id}`)
    await playground.devshm('detach')
    expect(playground.sql('select id from item')).toEqual([{ id: 4 }])
  })

  test.runIf(asRoot)('owner, group and permissions are the origin’s', async () => {
    await using playground = await withDatabase('select 1')
    await playground.command('chown', '1234:2345', 'db.sqlite3')
    await playground.command('chmod', '664', 'db.sqlite3')
    await runSqlite(playground, 'insert into item values (2)')
    const { uid, gid, mode } = lstatSync(playground.origin)
    expect({ uid, gid, bits: mode & 0o7777 }).toEqual({ uid: 1234, gid: 2345, bits: 0o664 })
  })

  test.each(['insert into item values (2)', 'select 1'])(
    'permissions that were changed meanwhile are kept (%s)',
    async (sql) => {
      await using playground = await withDatabase('select 1')
      await playground.devshm('run', '--', 'sh', '-c', `sqlite3 db.sqlite3 '${sql}'; chmod 606 db.sqlite3`)
      expect(lstatSync(playground.origin).mode & 0o7777).toBe(0o606)
    },
  )

  test.each([
    ['delete', 'wal'],
    ['wal', 'delete'],
  ])('a journal mode that the app itself changed (%s to %s) is kept', async (before, after) => {
    await using playground = await withDatabase(`pragma journal_mode = ${before}`)
    await runSqlite(playground, `pragma journal_mode = ${after}`)
    expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: after }])
  })

  test('a page size that the app itself changed is kept', async () => {
    await using playground = await withDatabase('pragma page_size = 4096')
    await runSqlite(playground, 'pragma page_size = 16384; vacuum')
    expect(playground.sql('pragma page_size')).toEqual([{ page_size: 16384 }])
  })

  test.each(['delete', 'wal'])('with --journal wal the file on disk is in the mode it was in (%s)', async (mode) => {
    await using playground = await withDatabase(`pragma journal_mode = ${mode}`)
    const inside = `sqlite3 db.sqlite3 'pragma journal_mode; insert into item values (2)'`
    const { stdout } = await playground.devshm('run', '--journal', 'wal', '--', 'sh', '-c', inside)
    expect(stdout).toContain('wal')
    expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }])
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
  })
})

test('a log beside the origin that is not live’s is moved aside, not applied to the file that comes back', async () => {
  await using playground = await withDatabase('pragma journal_mode = wal')
  await playground.devshm('attach')
  const stray = `${playground.origin}-wal`
  writeFileSync(stray, 'not of this database')
  playground.sql('insert into item values (2)', liveOf(playground.origin))
  const { status, stderr } = await playground.devshm('detach')
  expect(status).toBe(0)
  expect(stderr).toMatch(/db\.sqlite3-wal .* was moved to /)
  expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
  const moved = readdirSync(join(playground.folder, '.devshm/db.sqlite3')).filter((name) => name.startsWith('stray-'))
  expect(moved).toHaveLength(1)
})
