import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { sweepStale } from '../../src/session/sweep-stale.ts'
import { attachIn, contextOf, saveIn } from '../session/support/in-process.ts'
import { connectElsewhere } from '../session/support/connect-elsewhere.ts'
import { createPlayground, HANGS_AFTER_MS, liveOf, type Playground } from '../support/playground.ts'
import { mayMount, mountVolume } from '../support/small-volume.ts'

interface LeftBehind extends AsyncDisposable {
  readonly playground: Playground
  /** The project's folder, in the playground's. */
  readonly project: string
  readonly origin: string
  /** The live database, which `origin` leads to. */
  readonly live: string
}

/** A project whose database is in RAM, with a row that was never saved, and nobody who holds it. */
async function attached(volume?: string): Promise<LeftBehind> {
  await using resources = new AsyncDisposableStack()
  const playground = resources.use(await createPlayground())
  const project = join(playground.folder, 'shop')
  const origin = join(project, 'db.sqlite3')
  mkdirSync(project)
  playground.sql('create table t (a); insert into t values (1)', origin)
  await attachIn(contextOf({ origin, volume: volume ?? playground.volume }))
  const live = liveOf(origin)
  playground.sql('insert into t values (2)', origin)
  const moved = resources.move()
  return { playground, project, origin, live, [Symbol.asyncDispose]: () => moved.disposeAsync() }
}

const sweepIn = async ({ playground }: LeftBehind) => await sweepStale([playground.volume], () => undefined)

/** Put another file in the link's place, as a user does. */
function replace({ origin, playground, live }: LeftBehind, how: 'with the same' | 'with another'): void {
  rmSync(origin)
  if (how === 'with the same') copyFileSync(live, origin)
  else playground.sql('create table another (b)', origin)
}

test('what is on disk, byte by byte, is swept, and nothing else of the project is touched', async () => {
  await using left = await attached()
  replace(left, 'with the same')
  const { swept, kept } = await sweepIn(left)
  expect(kept).toEqual([])
  expect(swept).toMatchObject([{ origin: left.origin, live: left.live }])
  expect(left.playground.inRam()).toEqual([`devshm-${process.geteuid?.()}`])
  expect(left.playground.sql('select a from t', left.origin)).toEqual([{ a: 1 }, { a: 2 }])
})

test('what is not on disk stays, is named, and is kept as a snapshot by the next command in its project', async () => {
  await using left = await attached()
  replace(left, 'with another')
  const { swept, kept } = await sweepIn(left)
  expect(swept).toEqual([])
  expect(kept).toMatchObject([{ origin: left.origin, live: left.live, reason: 'holds what is not on disk' }])
  const { stdout, status } = await left.playground.devshm('volume', 'sweep')
  expect(stdout).toMatch(/live\.sqlite3 \(.*\) stays: it holds what is not on disk\n$/)
  expect(status).toBe(0)
  await left.playground.devshm('detach', '--db', left.origin)
  const snapshot = join(left.project, '.devshm/db.sqlite3/snapshots/@replaced.sqlite3')
  expect(left.playground.sql('select a from t', snapshot)).toEqual([{ a: 1 }, { a: 2 }])
})

test('what only the last save has is swept, and that save becomes a snapshot', async () => {
  await using left = await attached()
  await saveIn(contextOf({ origin: left.origin, volume: left.playground.volume }))
  replace(left, 'with another')
  expect(await sweepIn(left)).toMatchObject({ swept: [{ origin: left.origin }], kept: [] })
  await left.playground.devshm('detach', '--db', left.origin)
  const snapshot = join(left.project, '.devshm/db.sqlite3/snapshots/@replaced.sqlite3')
  expect(left.playground.sql('select a from t', snapshot)).toEqual([{ a: 1 }, { a: 2 }])
})

test('a snapshot that goes by itself is no proof, one that the user named is', async () => {
  await using left = await attached()
  const snapshots = join(left.project, '.devshm/db.sqlite3/snapshots')
  copyFileSync(left.live, join(snapshots, '@before-reset-1.sqlite3'))
  replace(left, 'with another')
  expect(await sweepIn(left)).toMatchObject({ swept: [], kept: [{ reason: 'holds what is not on disk' }] })
  copyFileSync(left.live, join(snapshots, 'demo.sqlite3'))
  expect(await sweepIn(left)).toMatchObject({ swept: [{ origin: left.origin }], kept: [] })
})

test('of a project that is gone, or was moved, everything stays', async () => {
  await using left = await attached()
  renameSync(left.project, join(left.playground.folder, 'moved'))
  expect(await sweepIn(left)).toMatchObject({
    swept: [],
    kept: [{ reason: expect.stringMatching(/gone, or was moved/) }],
  })
  // Another project at its old path, which happens to hold the same.
  mkdirSync(left.project)
  copyFileSync(left.live, left.origin)
  expect(await sweepIn(left)).toMatchObject({ swept: [], kept: [{ reason: expect.stringMatching(/before$/) }] })
  expect(left.playground.sql('select a from t', join(left.playground.folder, 'moved/db.sqlite3'))).toHaveLength(2)
})

test('what a path leads to is in use, though nobody holds it', async () => {
  await using left = await attached()
  expect(await sweepIn(left)).toEqual({ swept: [], kept: [] })
  expect(left.playground.sql('select a from t', left.origin)).toEqual([{ a: 1 }, { a: 2 }])
})

test('what a process has open stays', async () => {
  await using left = await attached()
  await using _app = await connectElsewhere(left.live)
  replace(left, 'with the same')
  const { swept, kept } = await sweepIn(left)
  expect(swept).toEqual([])
  expect(kept).toMatchObject([{ reason: expect.stringMatching(/^is open in .*\(pid \d+\)/) }])
})

test('a log of a program that crashed keeps it', async () => {
  await using left = await attached()
  const crash = `import sqlite3, os; c = sqlite3.connect('${left.live}'); c.execute('pragma journal_mode = wal')
c.execute('insert into t values (3)'); c.commit(); os._exit(0)`
  await left.playground.command('/usr/bin/python3', '-c', crash)
  replace(left, 'with the same')
  expect(await sweepIn(left)).toMatchObject({ swept: [], kept: [{ reason: 'holds what is not on disk' }] })
})

test('a folder that a killed detach had renamed away is swept too, once the file is in place', async () => {
  await using left = await attached()
  replace(left, 'with the same')
  const folder = dirname(left.live)
  const gone = join(dirname(folder), `.gone-${basename(folder)}`)
  renameSync(folder, gone)
  expect(await sweepIn(left)).toMatchObject({ swept: [{ origin: left.origin }], kept: [] })
  expect(existsSync(gone)).toBe(false)
})

test('a project that another devshm command is at work on is not waited for', async () => {
  await using left = await attached()
  replace(left, 'with the same')
  const { lockExclusively } = await import('../../src/engine/sqlite/file-lock.ts')
  using _lock = await lockExclusively(join(left.project, '.devshm/db.sqlite3/lock'), { timeoutMs: 1_000 })
  expect(await sweepIn(left)).toMatchObject({ swept: [], kept: [{ reason: expect.stringContaining('at work') }] })
})

test('a session of another project sweeps while it runs', async () => {
  await using left = await attached()
  replace(left, 'with the same')
  const { playground } = left
  playground.sql('create table mine (a)')
  const wait = `i=0; until [ ! -e '${left.live}' ]; do i=$((i + 1)); [ $i -gt ${HANGS_AFTER_MS / 20} ] && exit 1; sleep 0.02; done`
  const { status, stderr } = await playground.devshm('run', '--db', 'db.sqlite3', '--', 'sh', '-c', wait)
  expect(stderr).toContain('removed from RAM what was left behind of shop/db.sqlite3')
  expect(status).toBe(0)
})

test.skipIf(!mayMount)('what was left behind makes room for what is needed now (needs root for a mount)', async () => {
  using volume = mountVolume('size=10m')
  await using left = await attached(volume.path)
  const { playground } = left
  playground.sql('insert into t values (zeroblob(5000000))', left.live)
  replace(left, 'with the same')
  playground.env['DEVSHM_VOLUME'] = volume.path
  playground.sql('create table mine (a); insert into mine values (zeroblob(1500000))')
  const { status, stderr } = await playground.devshm('run', '--require-ram', '--db', 'db.sqlite3', '--', 'true')
  expect(stderr).toMatch(/removed from RAM what was left behind of shop\/db\.sqlite3 .*\n.*db\.sqlite3 is in RAM/)
  expect(status).toBe(0)
})
