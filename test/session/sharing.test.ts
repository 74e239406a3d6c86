import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { markDetached } from '../../src/session/detach-mark.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { bringBack } from '../../src/session/release.ts'
import { Session } from '../../src/session/session.ts'
import {
  createPlayground,
  DEVSHM,
  eventually,
  isLink,
  liveOf,
  type Playground,
  type Started,
} from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { contextOf } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'

async function withDatabase(...names: string[]): Promise<Playground> {
  const playground = await createPlayground()
  for (const name of ['db.sqlite3', ...names]) {
    playground.sql('create table item (id); insert into item values (1)', join(playground.folder, name))
  }
  return playground
}

async function startRun(playground: Playground, status = 0): Promise<Started> {
  const run = playground.start(...DEVSHM, 'run', '--', 'sh', '-c', `echo up; read end; exit ${status}`)
  await run.waitFor(/^up$/m)
  return run
}

async function end(run: Started): Promise<number> {
  run.process.stdin?.write('\n')
  return await run.exit
}

const idsIn = (playground: Playground, path?: string): unknown[] =>
  playground.sql('select id from item order by id', path).map(({ id }) => id)

describe('several sessions', () => {
  test('two runs share one live database; the last one brings it back', async () => {
    await using playground = await withDatabase()
    const first = await startRun(playground)
    const live = liveOf(playground.origin)
    const second = await startRun(playground, 3)
    expect(liveOf(playground.origin)).toBe(live)
    expect(second.output).toContain(`db.sqlite3 is in RAM already`)
    expect(second.output).toContain(`(pid ${first.pid})`)
    playground.sql('insert into item values (2)')

    expect(await end(first)).toBe(0)
    expect(first.output).toContain(`stays in RAM for`)
    expect(liveOf(playground.origin)).toBe(live)
    playground.sql('insert into item values (3)')
    expect(await end(second)).toBe(3)
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(idsIn(playground)).toEqual([1, 2, 3])
  })

  test('two runs that start at the same moment share one live database', async () => {
    await using playground = await withDatabase()
    const insert = (id: number): string => `sqlite3 -cmd '.timeout 5000' db.sqlite3 'insert into item values (${id})'`
    const outcomes = await Promise.all([2, 3, 4].map((id) => playground.devshm('run', '--', 'sh', '-c', insert(id))))
    expect(outcomes.map(({ status }) => status)).toEqual([0, 0, 0])
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(idsIn(playground)).toEqual([1, 2, 3, 4])
    expect(liveFilesIn(playground)).toEqual([])
  })

  test('a run within attach leaves it in RAM; a second attach says that it is', async () => {
    await using playground = await withDatabase()
    await playground.devshm('attach')
    const again = await playground.devshm('attach')
    expect(again).toMatchObject({ status: 0 })
    expect(again.stderr).toMatch(
      /^devshm: db\.sqlite3 is in RAM already \(.*\), shared with devshm attach \(pid \d+\)\n$/,
    )
    const run = await playground.devshm('run', '--', 'sqlite3', 'db.sqlite3', 'insert into item values (2)')
    expect(run.status).toBe(0)
    expect(run.stderr).toContain('stays in RAM for devshm attach')
    expect(isLink(playground.origin)).toBe(true)
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(idsIn(playground)).toEqual([1, 2])
  })

  test('detach while a run needs it exits 1 and names it; it stays in RAM, saved', async () => {
    await using playground = await withDatabase()
    const run = await startRun(playground)
    playground.sql('insert into item values (2)')
    const { status, stderr } = await playground.devshm('detach')
    expect(status).toBe(1)
    expect(stderr).toContain(`(pid ${run.pid})`)
    expect(isLink(playground.origin)).toBe(true)
    expect(idsIn(playground, join(playground.folder, '.devshm/db.sqlite3/last-save.sqlite3'))).toEqual([1, 2])
    expect(await end(run)).toBe(0)
    expect(idsIn(playground)).toEqual([1, 2])
  })
})

describe('the holder', () => {
  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('saves and detaches on %s, as at a logout', async (signal) => {
    await using playground = await withDatabase()
    await playground.devshm('attach')
    playground.sql('insert into item values (2)')
    const { heldBy } = (await playground.status()) as { heldBy: { pid: number }[] }
    process.kill(heldBy[0]?.pid ?? 0, signal)
    await eventually('it is on disk', () => !isLink(playground.origin))
    await eventually('nothing is left in RAM', () => liveFilesIn(playground).length === 0)
    expect(idsIn(playground)).toEqual([1, 2])
  })

  test('ends after devshm detach, and does not attach what is there then', async () => {
    await using playground = await withDatabase()
    await playground.devshm('attach')
    const { heldBy } = (await playground.status()) as { heldBy: { pid: number }[] }
    expect((await playground.devshm('detach')).status).toBe(0)
    const pid = heldBy[0]?.pid ?? 0
    await eventually('the holder has ended', () => lstatSync(`/proc/${pid}`, { throwIfNoEntry: false }) === undefined)
    expect(isLink(playground.origin)).toBe(false)
  })
})

test('a session that waits for `devshm detach` to let go of the lock does not attach what that has brought back', async () => {
  await using playground = await withDatabase()
  const context = contextOf(playground)
  const options = {
    kind: 'holder',
    command: 'test',
    journal: 'keep',
    saveEveryMs: undefined,
    requireRam: true,
  } as const
  const session = await Session.open([context], options)
  const detaching = contextOf(playground)
  await locked(detaching, async () => {
    const attachment = await recover(detaching)
    if (attachment === undefined) throw new Error('it is not in RAM')
    expect(await bringBack(detaching, attachment, new Set([process.pid]))).toBe(true)
    session.lookNow()
    await eventually('the session waits', () => context.events.some(({ type }) => type === 'waiting'))
    markDetached(detaching.places)
  })
  await session.ended
  expect(isLink(playground.origin)).toBe(false)
  expect(await session.close()).toBe(true)
  expect(context.events.filter(({ type }) => type === 'attached')).toHaveLength(1)
})

describe('several databases', () => {
  const BOTH = ['--db', 'db.sqlite3', '--db', 'second.sqlite3']

  test('are attached together and come back together', async () => {
    await using playground = await withDatabase('second.sqlite3')
    const insert = 'for name in db second; do sqlite3 $name.sqlite3 "insert into item values (2)"; done; ls -l'
    const { status, stdout } = await playground.devshm('run', ...BOTH, '--', 'sh', '-c', insert)
    expect(status).toBe(0)
    expect(stdout.match(/ -> .*live\.sqlite3$/gm)).toHaveLength(2)
    expect(idsIn(playground)).toEqual([1, 2])
    expect(idsIn(playground, join(playground.folder, 'second.sqlite3'))).toEqual([1, 2])
  })

  test.each(['run', 'attach'])('are all as before when one of them cannot be attached (%s)', async (name) => {
    await using playground = await withDatabase('second.sqlite3')
    const { ino } = lstatSync(playground.origin)
    await using app = await connectElsewhere(join(playground.folder, 'second.sqlite3'))
    const { status, stderr } = await playground.devshm(name, ...BOTH, ...(name === 'run' ? ['--', 'touch', 'ran'] : []))
    expect(status).toBe(1)
    expect(stderr).toContain(`(pid ${app.pid})`)
    expect(lstatSync(playground.origin).ino).toBe(ino)
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(lstatSync(join(playground.folder, 'ran'), { throwIfNoEntry: false })).toBeUndefined()
    expect(liveFilesIn(playground)).toEqual([])
  })

  test('of any project come back with detach --all', async () => {
    await using playground = await withDatabase('second.sqlite3')
    await playground.devshm('attach', ...BOTH)
    playground.sql('insert into item values (2)')
    const { status } = await playground.devshm('detach', '--all')
    expect(status).toBe(0)
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(lstatSync(join(playground.folder, 'second.sqlite3')).isFile()).toBe(true)
    expect(idsIn(playground)).toEqual([1, 2])
  })
})
