import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { createPlayground, type Playground } from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { contextOf } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'
import { attachedWithoutLink, attachWithoutLink, idsIn, snapshotPath } from './support/without-link.ts'

describe('nobody holds it, and meanwhile', () => {
  const replacedBy = (isThere: boolean): object => ({ type: 'replaced', snapshot: '@replaced', isThere, route: 'hook' })

  test.each<[string, (playground: Playground) => void, unknown[]]>([
    ['written to', ({ sql }) => void sql('insert into item values (9)'), [1, 9]],
    ['written to in WAL mode', ({ sql }) => void sql('pragma journal_mode = wal; insert into item values (9)'), [1, 9]],
    [
      'replaced',
      ({ sql, origin }) => {
        sql('create table item (id); insert into item values (8)', `${origin}.new`)
        renameSync(`${origin}.new`, origin)
      },
      [8],
    ],
  ])('the file is %s: it stays, and what is in RAM is @replaced, however often', async (_how, change, expected) => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    change(playground)
    expect(await session.detach()).toMatchObject([replacedBy(true)])
    expect(await session.detach()).toEqual([])
    expect(idsIn(playground)).toEqual(expected)
    expect(idsIn(playground, snapshotPath(playground, '@replaced'))).toEqual([1, 2])
    expect(liveFilesIn(playground)).toEqual([])
    // As it was said: that is how to get the other one.
    expect((await playground.devshm('restore', '@replaced')).status).toBe(0)
    expect(idsIn(playground)).toEqual([1, 2])
  })

  test('live that is still open stays until it is closed, and is kept once more if it was written to', async () => {
    await using session = await attachedWithoutLink()
    const { playground, live } = session
    await using app = await connectElsewhere(live)
    await app.query('insert into item values (2)')
    playground.sql('insert into item values (9)')
    const stillOpen = { type: 'still-open', openers: [{ pid: app.pid }] }
    expect(await session.detach()).toMatchObject([replacedBy(true), stillOpen])
    expect(await playground.status()).toMatchObject({ state: 'on-disk', strays: [live] })
    await app.query('insert into item values (3)')
    // What is attached meanwhile is another one.
    const next = await attachWithoutLink(playground)
    next.app('insert into item values (10)')
    expect(await next.detach()).toMatchObject([stillOpen, { type: 'detached', changed: true }])
    await app.close()
    expect(await session.detach()).toEqual([])
    expect(idsIn(playground)).toEqual([1, 9, 10])
    expect(idsIn(playground, snapshotPath(playground, '@replaced-2'))).toEqual([1, 2, 3])
    expect(liveFilesIn(playground)).toEqual([])
  })

  test('the file is removed: it stays away', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    rmSync(playground.origin)
    expect(await session.detach()).toMatchObject([replacedBy(false)])
    expect(existsSync(playground.origin)).toBe(false)
    expect(idsIn(playground, snapshotPath(playground, '@replaced'))).toEqual([1, 2])
  })

  test('something that is no database is put there: it is not touched', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    await playground.command('sh', '-c', 'echo no database > db.sqlite3')
    expect(await session.detach()).toMatchObject([replacedBy(true)])
    expect((await playground.command('cat', 'db.sqlite3')).stdout).toBe('no database\n')
  })

  test('a file is made where none was: it stays, unless it is empty', async () => {
    await using playground = await createPlayground()
    const first = await attachWithoutLink(playground)
    first.app('create table item (id); insert into item values (2)')
    await playground.command('touch', 'db.sqlite3')
    expect(await first.detach()).toMatchObject([{ type: 'detached', changed: true }])
    expect(idsIn(playground)).toEqual([2])
    rmSync(playground.origin)
    const second = await attachWithoutLink(playground)
    second.app('create table item (id); insert into item values (3)')
    playground.sql('create table item (id); insert into item values (4)')
    expect(await second.detach()).toMatchObject([replacedBy(true)])
    expect(idsIn(playground)).toEqual([4])
  })

  test('.devshm/ is removed: RAM knows what it belongs to', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    rmSync(join(playground.folder, '.devshm'), { recursive: true })
    expect((await playground.status())['state']).toBe('in-ram')
    expect(await session.detach()).toMatchObject([{ type: 'detached', changed: true }])
    expect(idsIn(playground)).toEqual([1, 2])
  })

  test('the project is moved: it goes on there', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    await using elsewhere = await createPlayground()
    const to = join(elsewhere.folder, 'moved')
    renameSync(playground.folder, to)
    try {
      const context = contextOf({ origin: join(to, 'db.sqlite3'), volume: playground.volume })
      expect(await locked(context, () => recover(context))).toBeDefined()
      expect(context.events).toMatchObject([{ type: 'adopted' }])
    } finally {
      renameSync(to, playground.folder)
    }
    expect(await session.detach()).toMatchObject([{ type: 'adopted' }, { type: 'detached', changed: true }])
    expect(idsIn(playground)).toEqual([1, 2])
  })

  test('the project is copied: the copy is what is on disk there, and the first one goes on', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    await using elsewhere = await createPlayground()
    const copy = join(elsewhere.folder, 'copy')
    cpSync(playground.folder, copy, { recursive: true, preserveTimestamps: true })
    const context = contextOf({ origin: join(copy, 'db.sqlite3'), volume: playground.volume })
    expect(await locked(context, () => recover(context))).toBeUndefined()
    expect(context.events).toEqual([])
    expect(idsIn(playground, join(copy, 'db.sqlite3'))).toEqual([1])
    expect(await session.detach()).toMatchObject([{ type: 'detached', changed: true }])
    expect(idsIn(playground)).toEqual([1, 2])
  })
})
