import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Step } from '../../src/session/context.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { statusOf } from '../../src/session/status.ts'
import { createPlayground, type Playground } from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { contextOf, saveIn } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'
import { dieAtStep } from './support/crashes.ts'
import {
  attachedWithoutLink,
  attachWithoutLink,
  expectFile,
  idsIn,
  snapshotPath,
  snapshotsOf,
} from './support/without-link.ts'

interface Where {
  readonly action: 'attach' | 'detach'
  readonly step: Step
  /** Where another process opens live, so that the operation has to go back. */
  readonly openAt?: Step
}

const ATTACH = ['attach:locked', 'attach:copied', 'attach:kept', 'attach:recorded'] as const
const SAVE = ['save:pinned', 'save:staged', 'save:written', 'save:renamed'] as const
const DETACH = ['detach:locked', 'detach:saved', 'detach:recorded', 'detach:gone', 'detach:swapped'] as const

const CRASHES: readonly Where[] = [
  ...ATTACH.map((step) => ({ action: 'attach', step }) as const),
  ...[...SAVE, ...DETACH].map((step) => ({ action: 'detach', step }) as const),
  { action: 'detach', step: 'detach:undoing', openAt: 'detach:recorded' },
]

/** Where it is not attached yet, or not any more. */
const IS_ON_DISK_AT: ReadonlySet<Step> = new Set(['attach:locked', 'attach:copied', 'attach:kept', 'detach:swapped'])

const inMode = (mode: string, crashes: readonly Where[]) => crashes.map((where) => ({ mode, ...where }))

describe('killed without a link', () => {
  // Saves are the same by both routes.
  test.each([
    ...inMode('delete', CRASHES),
    ...inMode(
      'wal',
      CRASHES.filter(({ step }) => !step.startsWith('save')),
    ),
  ])(
    '($mode) during $action at $step, the next command makes it right and loses nothing',
    async ({ mode, ...where }) => {
      await using playground = await createPlayground()
      playground.sql(`pragma journal_mode = ${mode}; create table item (id); insert into item values (1)`)
      let opened = ''
      if (where.action !== 'attach') {
        const { app, live } = await attachWithoutLink(playground)
        app('insert into item values (2)')
        opened = live
      }
      await dieAtStep(playground, { ...where, opened, route: 'hook' })
      // Even now the path leads to a whole database.
      expect([[1], [1, 2]]).toContainEqual(idsIn(playground))
      expect(lstatSync(playground.origin).isFile()).toBe(true)

      const { state } = await statusOf(contextOf(playground))
      expect(state).toBe(IS_ON_DISK_AT.has(where.step) ? 'on-disk' : 'in-ram')

      const next = await playground.devshm('detach', '--db', 'db.sqlite3')
      expect(next.stderr).not.toMatch(/unexpected|cannot|failed|replaced|removed|was changed/)
      expect(next.status).toBe(0)
      expectFile(playground)
      expect(idsIn(playground)).toEqual(where.action === 'attach' ? [1] : [1, 2])
      expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
      expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: mode }])
      expect(liveFilesIn(playground)).toEqual([])
      expect(readdirSync(join(playground.folder, '.devshm/db.sqlite3/unfinished'))).toEqual([])
      expect(snapshotsOf(playground).filter((name) => name !== '@attach.sqlite3')).toEqual([])
      expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])
      const context = contextOf(playground)
      expect(await locked(context, () => recover(context))).toBeUndefined()
      expect(context.events).toEqual([])
    },
  )
})

function loseRam({ volume }: Playground): void {
  for (const name of readdirSync(volume)) rmSync(join(volume, name), { recursive: true })
}

test('what was away for a moment when devshm was killed is back where its processes look for it', async () => {
  await using session = await attachedWithoutLink()
  const { playground, app, live } = session
  app('insert into item values (2)')
  await dieAtStep(playground, { action: 'detach', step: 'detach:gone', opened: '', route: 'hook' })
  expect(existsSync(live)).toBe(false)
  const context = contextOf(playground)
  expect(await locked(context, () => recover(context))).toMatchObject({ live })
  expect(idsIn(playground, live)).toEqual([1, 2])
})

describe('the RAM is gone', () => {
  test('the last save takes the place of the file, and it is said from when it is', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    const { facts } = await saveIn(contextOf(playground))
    app('insert into item values (3)')
    loseRam(playground)
    expect((await playground.status())['state']).toBe('stale')
    expect((await playground.devshm('doctor')).stdout).toMatch(/was in RAM without a link, and that RAM is gone/)
    expect((await playground.devshm('diff')).stderr).toMatch(/the RAM that .* was in is gone/)
    const next = await playground.devshm('detach', '--json')
    expect(JSON.parse(next.stderr.split('\n')[0] ?? '')).toMatchObject({ type: 'restored', savedAt: facts.savedAt })
    expect(idsIn(playground)).toEqual([1, 2])
    expectFile(playground)
    expect(idsIn(playground, snapshotPath(playground, '@attach'))).toEqual([1])
    expect((await playground.status())['state']).toBe('on-disk')
  })

  test('without a save the file is what it was', async () => {
    await using session = await attachedWithoutLink()
    session.app('insert into item values (2)')
    loseRam(session.playground)
    expect((await session.detach())[0]).toMatchObject({ type: 'restored', savedAt: expect.any(String) as string })
    expect(idsIn(session.playground)).toEqual([1])
  })

  test('somebody has worked with the file since: it stays, and the save is kept as @replaced', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    await saveIn(contextOf(playground))
    loseRam(playground)
    playground.sql('insert into item values (9)')
    expect((await session.detach())[0]).toMatchObject({ type: 'replaced', isThere: true, route: 'hook' })
    expect(idsIn(playground)).toEqual([1, 9])
    expect(idsIn(playground, snapshotPath(playground, '@replaced'))).toEqual([1, 2])
  })

  test('a database that was never on disk comes from its save, or is gone', async () => {
    await using playground = await createPlayground()
    const first = await attachWithoutLink(playground)
    loseRam(playground)
    expect((await first.detach())[0]).toMatchObject({ type: 'restored', savedAt: undefined })
    const second = await attachWithoutLink(playground)
    second.app('create table item (id); insert into item values (4)')
    await saveIn(contextOf(playground))
    loseRam(playground)
    expect((await second.detach())[0]).toMatchObject({ type: 'restored' })
    expect(idsIn(playground)).toEqual([4])
  })

  test('it is left alone while a program has the file open', async () => {
    await using session = await attachedWithoutLink()
    const { playground, app } = session
    app('insert into item values (2)')
    await saveIn(contextOf(playground))
    loseRam(playground)
    const reader = playground.start('sh', '-c', 'exec 3<db.sqlite3; echo open; read line')
    await reader.waitFor(/open/)
    expect(await playground.devshm('detach')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/is open in/) as string,
    })
    reader.process.stdin?.write('\n')
    await reader.exit
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(idsIn(playground)).toEqual([1, 2])
  })
})

/** As after a restart, or on a shared folder, that gives out new ones. */
function forgetInodes(path: string): void {
  const record = JSON.parse(readFileSync(path, 'utf8')) as { before: object }
  writeFileSync(path, JSON.stringify({ ...record, folder: '1:1', before: { ...record.before, inode: '1:2' } }))
}

test('inodes that are others than they were change nothing, with and without RAM', async () => {
  for (const isRamLost of [false, true]) {
    await using session = await attachedWithoutLink()
    const { playground, app, live } = session
    app('insert into item values (2)')
    await saveIn(contextOf(playground))
    forgetInodes(join(playground.folder, '.devshm/db.sqlite3/attachment.json'))
    forgetInodes(join(live, '../attachment.json'))
    if (isRamLost) loseRam(playground)
    expect(await session.detach()).toMatchObject([{ type: isRamLost ? 'restored' : 'detached' }])
    expect(idsIn(playground)).toEqual([1, 2])
    expect(liveFilesIn(playground)).toEqual([])
  }
})

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
