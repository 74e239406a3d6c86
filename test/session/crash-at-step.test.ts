import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { createPlayground, type Playground } from '../support/playground.ts'
import { crash, CRASHES } from './support/crashes.ts'
import { contextOf } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'

const STORE = '.devshm/db.sqlite3'

const idsIn = (playground: Playground): unknown[] =>
  playground.sql('select id from item order by id').map(({ id }) => id)

/** Every file of the project with its inode and time, without the locks. */
function listing({ folder }: Playground): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/\/(lock|presence)$/.test(path))
    .map((path) => [path, lstatSync(join(folder, path))] as const)
    .map(([path, stats]) => (stats.isDirectory() ? path : `${path} ${stats.ino} ${stats.mtimeMs}`))
    .toSorted()
}

describe.each(['delete', 'wal'])('killed (%s)', (mode) => {
  test.each(CRASHES)('during $action at $step, the next command makes it right and loses nothing', async (where) => {
    await using playground = await createPlayground()
    playground.sql(`pragma journal_mode = ${mode}; create table item (id); insert into item values (1)`)
    await crash(playground, where)
    const expected = where.action === 'attach' ? [1] : [1, 2]
    // Even now the path leads to the whole database.
    expect(idsIn(playground)).toEqual(expected)

    const next = await playground.devshm('detach', '--db', 'db.sqlite3')
    expect(next.stderr).not.toMatch(/unexpected|cannot|failed|replaced|removed/)
    expect(next.status).toBe(0)
    expect(lstatSync(playground.origin)).toMatchObject({ nlink: 1 })
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(idsIn(playground)).toEqual(expected)
    expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }])
    expect(liveFilesIn(playground)).toEqual([])
    expect(readdirSync(join(playground.folder, STORE, 'unfinished'))).toEqual([])
    const snapshots = readdirSync(join(playground.folder, STORE, 'snapshots'))
    expect(snapshots.filter((name) => name !== '@attach.sqlite3')).toEqual([])
    expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])

    const before = listing(playground)
    const context = contextOf(playground)
    expect(await locked(context, () => recover(context))).toBeUndefined()
    expect(context.events).toEqual([])
    expect(listing(playground)).toEqual(before)
  })
})
