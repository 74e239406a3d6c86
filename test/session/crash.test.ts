import { spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ownIdentity } from '../../src/process/identity.ts'
import { createPlayground, DEVSHM, eventually, isLink, type Playground, type Started } from '../support/playground.ts'
import { attachIn, contextOf, saveIn } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'

const COMMANDS: Record<string, string[]> = {
  run: ['run', '--', 'sqlite3', 'db.sqlite3', 'select id from item'],
  attach: ['attach'],
  save: ['save'],
  detach: ['detach'],
}

async function withDatabase(): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql('create table item (id); insert into item values (1)')
  return playground
}

async function startRun(playground: Playground): Promise<{ run: Started; app: number }> {
  const run = playground.start(...DEVSHM, 'run', '--', 'sh', '-c', 'echo pid $$; read end')
  const app = Number((await run.waitFor(/^pid (\d+)$/m))[1])
  playground.sql('insert into item values (2)')
  return { run, app }
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await eventually(`process ${pid} has ended`, () => {
    const state = /\) (\w)/.exec(readIfThere(`/proc/${pid}/stat`))?.[1]
    return state === undefined || state === 'Z'
  })
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

async function holderOf(playground: Playground): Promise<number> {
  const { heldBy } = await playground.status()
  const [holder] = Array.isArray(heldBy) ? (heldBy as { pid: number }[]) : []
  if (holder === undefined) throw new Error('nobody holds it')
  return holder.pid
}

describe.each(Object.entries(COMMANDS))('the next command (%s)', (name, args) => {
  test('carries on after kill -9 of devshm run and of the app, and says so', async () => {
    await using playground = await withDatabase()
    const { run, app } = await startRun(playground)
    await kill(run.pid)
    await kill(app)
    expect(isLink(playground.origin)).toBe(true)

    const next = await playground.devshm(...args)
    expect(next.status).toBe(0)
    expect(next.stderr).toMatch(/was still in RAM, from .*\n.*Nothing is lost; carrying on with it/)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
    if (name === 'run') expect(next.stdout).toBe('1\n2\n')
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('carries on after kill -9 of the holder, and says so', async () => {
    await using playground = await withDatabase()
    await playground.devshm('attach')
    playground.sql('insert into item values (2)')
    await kill(await holderOf(playground))
    const next = await playground.devshm(...args)
    expect(next.status).toBe(0)
    expect(next.stderr).toContain('was still in RAM, from')
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
    expect(liveFilesIn(playground)).toEqual([])
  })

  test('restores the last save after a restart of the machine, and says from when it is', async () => {
    await using playground = await withDatabase()
    await attachIn(contextOf(playground))
    playground.sql('insert into item values (2)')
    const { facts } = await saveIn(contextOf(playground))
    playground.sql('insert into item values (3)')
    await rm(join(playground.volume, `devshm-${process.getuid?.()}`), { recursive: true })

    const next = await playground.devshm(...args)
    expect(next.status).toBe(0)
    const time = new Date(facts.savedAt).toTimeString().slice(0, 8)
    expect(next.stderr).toMatch(new RegExp(`the RAM of db.sqlite3 is gone.*\\n.*Restored the last save, from ${time}`))
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(lstatSync(playground.origin).isFile()).toBe(true)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
  })
})

test('what a killed command left half-written is gone after the next one', async () => {
  await using playground = await withDatabase()
  const { attachment } = await attachIn(contextOf(playground))
  const work = join(playground.folder, '.devshm/db.sqlite3/unfinished')
  writeFileSync(join(work, 'half-written'), 'x')
  const inRam = dirname(attachment.live)
  // The pid of a process that has ended, and that of one which runs.
  const ended = spawnSync('true').pid
  for (const name of ['stage', `status-${ended}`, `status-${process.pid}`]) {
    writeFileSync(join(inRam, `${name}.sqlite3`), 'x')
  }
  expect((await playground.devshm('save')).status).toBe(0)
  expect(readdirSync(work)).toEqual([])
  expect(readdirSync(inRam).toSorted()).toEqual(['attachment.json', 'live.sqlite3', `status-${process.pid}.sqlite3`])
})

test.each([
  ['the pid of another process by now', { startedAt: '1' }],
  ['from before a restart', { bootId: 'another boot' }],
])('a lease that is left over is nobody’s: %s', async (_name, difference) => {
  await using playground = await withDatabase()
  const { attachment } = await attachIn(contextOf(playground))
  const leases = join(dirname(attachment.live), 'leases')
  mkdirSync(leases, { mode: 0o700 })
  const lease = { ...ownIdentity(), kind: 'run', command: 'devshm run', since: attachment.attachedAt, ...difference }
  writeFileSync(join(leases, `${lease.pid}-${lease.startedAt}.json`), JSON.stringify(lease))
  expect(await playground.status()).toMatchObject({ heldBy: [] })
  const { status, stderr } = await playground.devshm('detach')
  expect(stderr).toContain('was still in RAM, from')
  expect(status).toBe(0)
  expect(isLink(playground.origin)).toBe(false)
})

test('kill -9 of the app alone ends the run as any command, saved, with its signal as the status', async () => {
  await using playground = await withDatabase()
  const { run, app } = await startRun(playground)
  await kill(app)
  expect(await run.exit).toBe(137)
  expect(lstatSync(playground.origin).isFile()).toBe(true)
  expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
})

test.each([true, false])(
  '.devshm/README tells a person with only cp how to get the data back (saved: %s)',
  async (isSaved) => {
    await using playground = await withDatabase()
    const origin = join(playground.folder, `-my "odd" data's.sqlite3`)
    playground.sql('create table item (id); insert into item values (1)', origin)
    const context = contextOf({ origin, volume: playground.volume })
    await attachIn(context)
    if (isSaved) {
      playground.sql('insert into item values (2)', origin)
      await saveIn(context)
    }
    await rm(join(playground.volume, `devshm-${process.getuid?.()}`), { recursive: true })

    const readme = readFileSync(join(playground.folder, '.devshm/README'), 'utf8')
    const lines = readme.split('\n').filter((line) => line.startsWith('    '))
    expect(lines).toHaveLength(4)
    const commands = isSaved ? lines.slice(0, 2) : lines.slice(2)
    expect(await playground.command('sh', '-ec', commands.join('\n'))).toMatchObject({ status: 0, stderr: '' })
    expect(lstatSync(origin).isFile()).toBe(true)
    expect(playground.sql('select id from item', origin)).toEqual(isSaved ? [{ id: 1 }, { id: 2 }] : [{ id: 1 }])
  },
)
