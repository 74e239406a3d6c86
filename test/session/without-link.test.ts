import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { createPlayground } from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { contextOf, detachIn, saveIn } from './support/in-process.ts'
import { fingerprintOf, lendIn, targetIn } from './support/lend.ts'
import { liveFilesIn } from './support/live-files.ts'
import { STEPS } from './support/steps.ts'
import {
  attachedWithoutLink,
  attachWithoutLink,
  expectFile,
  idsIn,
  snapshotPath,
  snapshotsOf,
} from './support/without-link.ts'

describe.each(['delete', 'wal'])('attached without a link (%s)', (mode) => {
  const setUp = `pragma page_size = 1024; pragma journal_mode = ${mode}`

  test('the file stays what it is, and what changed in RAM comes back into its place', async () => {
    await using session = await attachedWithoutLink(setUp)
    const { playground, app } = session
    chmodSync(playground.origin, 0o640)
    const before = lstatSync(playground.origin)
    app('insert into item values (2)')
    expect(lstatSync(playground.origin)).toEqual(before)
    expect(idsIn(playground)).toEqual([1])

    expect(await session.detach()).toMatchObject([{ type: 'detached', changed: true }])
    expectFile(playground)
    expect(idsIn(playground)).toEqual([1, 2])
    expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }])
    expect(playground.sql('pragma page_size')).toEqual([{ page_size: 1024 }])
    expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    // The very file that was there, as after a detach from a link.
    expect(lstatSync(snapshotPath(playground, '@attach')).ino).toBe(before.ino)
    expect(idsIn(playground, snapshotPath(playground, '@attach'))).toEqual([1])
    expect(liveFilesIn(playground)).toEqual([])
    expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])
    expect(readdirSync(join(playground.folder, '.devshm/db.sqlite3')).toSorted()).toEqual([
      'detached',
      'lock',
      'snapshots',
      'unfinished',
    ])
  })

  test('what did not change leaves the file alone, after saves of other states as well', async () => {
    // Numbers of one size, so that going back leaves no trace of the detour in the pages.
    await using session = await attachedWithoutLink(setUp, 100)
    const { playground, app } = session
    app('update item set id = 101')
    expect((await saveIn(contextOf(playground))).wrote).toBe(true)
    app('update item set id = 100')
    const { ino, mtimeMs, ctimeMs } = lstatSync(playground.origin)
    expect(await session.detach()).toMatchObject([{ type: 'detached', changed: false }])
    expect(lstatSync(playground.origin)).toMatchObject({ ino, mtimeMs, ctimeMs })
    expect(liveFilesIn(playground)).toEqual([])
  })
})

test('a database that was not there yet is there afterwards, and only if something was written', async () => {
  await using playground = await createPlayground()
  const nothing = await attachWithoutLink(playground)
  expect(await nothing.detach()).toMatchObject([{ type: 'detached', changed: false }])
  expect(existsSync(playground.origin)).toBe(false)
  const session = await attachWithoutLink(playground)
  session.app('create table item (id); insert into item values (5)')
  expect(existsSync(playground.origin)).toBe(false)
  expect(await session.detach()).toMatchObject([{ type: 'detached', changed: true }])
  expectFile(playground)
  expect(idsIn(playground)).toEqual([5])
})

test('what made live WAL is taken back on the way to disk', async () => {
  await using playground = await createPlayground()
  playground.sql('create table item (id)')
  const session = await attachWithoutLink(playground, 'wal')
  expect(session.app('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }])
  session.app('insert into item values (1)')
  expect(await session.detach()).toMatchObject([{ type: 'detached', changed: true }])
  expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: 'delete' }])
})

test('as long as a program has live or the file open, all stays as it is, saved', async () => {
  await using session = await attachedWithoutLink()
  const { playground, app, live } = session
  app('insert into item values (2)')
  await using user = await connectElsewhere(live)
  await user.query('select * from item')
  expect(await session.detach()).toMatchObject([
    { type: 'saved' },
    { type: 'still-open', openers: [{ pid: user.pid }] },
  ])
  await user.close()
  await using reader = await connectElsewhere(playground.origin)
  await reader.query('select * from item')
  expect(await session.detach()).toMatchObject([{ type: 'still-open', openers: [{ pid: reader.pid }] }])
  expect(idsIn(playground)).toEqual([1])
  await reader.close()
  expect(await session.detach()).toMatchObject([{ type: 'detached', changed: true }])
  expect(idsIn(playground)).toEqual([1, 2])
})

test.each(['detach:recorded', 'detach:gone'] as const)(
  'a program that opens the file at %s keeps the other one in RAM, and nothing is lost',
  async (when) => {
    await using session = await attachedWithoutLink('pragma journal_mode = wal')
    const { playground, app } = session
    app('insert into item values (2)')
    const opened: Awaited<ReturnType<typeof connectElsewhere>>[] = []
    const context = contextOf(playground, async (step) => {
      if (step === when) opened.push(await connectElsewhere(playground.origin))
    })
    await expect(detachIn(context)).rejects.toMatchObject({ code: 'IN_USE' })
    await opened[0]?.query('insert into item values (9)')
    await opened[0]?.close()
    // Another program has written to the file: that is what counts now.
    expect(await session.detach()).toMatchObject([{ type: 'replaced', snapshot: '@replaced', route: 'hook' }])
    expect(idsIn(playground)).toEqual([1, 9])
    expect(idsIn(playground, snapshotPath(playground, '@replaced'))).toEqual([1, 2])
  },
)

test('a program that opens live while it goes away gets it back', async () => {
  await using session = await attachedWithoutLink()
  const { playground, app, live } = session
  app('insert into item values (2)')
  const opened: Awaited<ReturnType<typeof connectElsewhere>>[] = []
  const context = contextOf(playground, async (step) => {
    if (step === 'detach:recorded') opened.push(await connectElsewhere(live))
  })
  expect(await detachIn(context)).toMatchObject({ detached: false, openers: [{ pid: opened[0]?.pid }] })
  await opened[0]?.query('insert into item values (3)')
  await opened[0]?.close()
  expect(await session.detach()).toMatchObject([{ type: 'detached' }])
  expect(idsIn(playground)).toEqual([1, 2, 3])
})

test('times alone are no change, and a change is one whatever its times say', async () => {
  await using session = await attachedWithoutLink()
  const { playground, app } = session
  app('insert into item values (2)')
  utimesSync(playground.origin, 1, 1)
  const context = contextOf(playground)
  expect(await locked(context, () => recover(context))).toBeDefined()
  const { atime, mtime } = lstatSync(playground.origin)
  playground.sql('update item set id = 7')
  utimesSync(playground.origin, atime, mtime)
  expect(await session.detach()).toMatchObject([{ type: 'replaced', isThere: true, route: 'hook' }])
  expect(idsIn(playground)).toEqual([7])
  expect(snapshotsOf(playground)).toEqual(['@attach.sqlite3', '@replaced.sqlite3'])
})

test('a build that needs the path is lent the file, and neither that nor live is touched', async () => {
  await using session = await attachedWithoutLink()
  const { playground, app } = session
  app('insert into item values (2)')
  const before = fingerprintOf(playground.origin)
  const context = contextOf(playground)
  for (const step of Object.values(STEPS)) {
    const target = await targetIn(playground)
    await lendIn(context, target, async (attachment) => {
      expect(attachment?.live).toBe(session.live)
      expect((await playground.status())['state']).toBe('in-ram')
      step(playground.origin)
    })
    expect(fingerprintOf(playground.origin)).toEqual(before)
    expect(idsIn(playground, session.live)).toEqual([1, 2])
  }
  expect(context.events).toEqual([])
  expect(await session.detach()).toMatchObject([{ type: 'detached', changed: true }])
  expect(idsIn(playground)).toEqual([1, 2])
})

test('a last moment in which the file is no database any more leaves it alone', async () => {
  await using session = await attachedWithoutLink()
  const { playground, app } = session
  app('insert into item values (2)')
  const context = contextOf(playground, (step) => {
    if (step === 'detach:gone') writeFileSync(playground.origin, 'no database')
  })
  expect(await detachIn(context)).toMatchObject({ detached: false, openers: [] })
  expect(await session.detach()).toMatchObject([{ type: 'replaced', isThere: true }])
  expect(readFileSync(playground.origin, 'utf8')).toBe('no database')
  expect(idsIn(playground, snapshotPath(playground, '@replaced'))).toEqual([1, 2])
})
