import { existsSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, inodeAt, isLink, liveOf } from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'

const ATTACH_SNAPSHOT = '.devshm/db.sqlite3/snapshots/@attach.sqlite3'

describe('attach', () => {
  test.each(['delete', 'wal'])('refuses and names the process that has the origin open (%s)', async (mode) => {
    await using playground = await createPlayground()
    playground.sql(`pragma journal_mode = ${mode}; create table item (id)`)
    const inode = inodeAt(playground.origin)
    await using other = await connectElsewhere(playground.origin)

    const { status, stderr } = await playground.devshm('run', '--db', 'db.sqlite3', '--', 'true')
    expect(status).toBe(1)
    expect(stderr).toContain(`db.sqlite3 is open in `)
    expect(stderr).toContain(`(pid ${other.pid})`)
    expect(stderr).toContain('stop that first')
    expect(isLink(playground.origin)).toBe(false)
    expect(inodeAt(playground.origin)).toBe(inode)
    expect(existsSync(join(playground.folder, '.devshm'))).toBe(false)
    expect(playground.inRam()).toEqual([])
  })

  test('undoes the transaction of a program that was killed while it wrote (hot journal)', async () => {
    await using playground = await createPlayground()
    playground.sql(`create table item (id, text); with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
      insert into item select i, 'committed' || hex(randomblob(100)) from n`)
    const crashing = await connectElsewhere(playground.origin)
    // A tiny cache makes SQLite write pages to the database before the commit: the journal is hot after the crash.
    await crashing.query(`pragma cache_size = 2; begin; update item set text = 'half-done' || hex(randomblob(100))`)
    await crashing.kill()
    expect(existsSync(`${playground.origin}-journal`)).toBe(true)

    const { status } = await playground.devshm('attach')
    expect(status).toBe(0)
    expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(playground.sql(`select count(*) as rows from item where text like 'committed%'`)).toEqual([{ rows: 2000 }])
    expect(existsSync(`${playground.origin}-journal`)).toBe(false)
    // The kept original is complete by itself too.
    const kept = join(playground.folder, ATTACH_SNAPSHOT)
    expect(playground.sql(`select count(*) as rows from item where text like 'committed%'`, kept)).toEqual([
      { rows: 2000 },
    ])
    expect((await playground.devshm('detach')).status).toBe(0)
  })

  test('brings in what a killed program left in the write-ahead log', async () => {
    await using playground = await createPlayground()
    playground.sql('pragma journal_mode = wal; create table item (id)')
    const crashing = await connectElsewhere(playground.origin)
    await crashing.query('pragma wal_autocheckpoint = 0; insert into item values (1); insert into item values (2)')
    await crashing.kill()
    expect(lstatSync(`${playground.origin}-wal`).size).toBeGreaterThan(0)

    expect((await playground.devshm('attach')).status).toBe(0)
    expect(playground.sql('select count(*) as rows from item')).toEqual([{ rows: 2 }])
    expect(existsSync(`${playground.origin}-wal`)).toBe(false)
    expect(playground.sql('select count(*) as rows from item', join(playground.folder, ATTACH_SNAPSHOT))).toEqual([
      { rows: 2 },
    ])
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(playground.sql('select count(*) as rows from item')).toEqual([{ rows: 2 }])
    expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }])
  })

  test('keeps the original file itself, not a copy, as the snapshot @attach', async () => {
    await using playground = await createPlayground()
    playground.sql('create table item (id)')
    const { ino, mtimeMs } = lstatSync(playground.origin)
    await playground.devshm('attach')
    const kept = lstatSync(join(playground.folder, ATTACH_SNAPSHOT))
    expect({ ino: kept.ino, mtimeMs: kept.mtimeMs, nlink: kept.nlink }).toEqual({ ino, mtimeMs, nlink: 1 })
    await playground.devshm('detach')
  })

  test('leads to a live database that has the origin’s permissions, in folders that nobody else can enter', async () => {
    await using playground = await createPlayground()
    playground.sql('create table item (id)')
    await playground.command('chmod', '640', 'db.sqlite3')
    await playground.devshm('attach')
    const live = liveOf(playground.origin)
    expect(lstatSync(live).mode & 0o7777).toBe(0o640)
    for (let folder = join(live, '..'); folder !== playground.volume; folder = join(folder, '..')) {
      expect(lstatSync(folder).mode & 0o7777).toBe(0o700)
    }
    await playground.devshm('detach')
  })
})
