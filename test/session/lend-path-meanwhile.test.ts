import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openEverythingInRam } from '../../src/cli/open-everything.ts'
import type { CommonOptions } from '../../src/cli/options.ts'
import type { Attachment } from '../../src/session/attachment.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { resolveOrigin } from '../../src/session/places.ts'
import { createPlayground, DEVSHM, eventually, isLink, liveOf, type Playground } from '../support/playground.ts'
import { attachIn, contextOf } from './support/in-process.ts'
import { fingerprintOf, lendIn, targetIn } from './support/lend.ts'

const SCRIPT = join(import.meta.dirname, 'support/lend-and-die.script.ts')
const STORE = '.devshm/db.sqlite3'

async function withDatabase(): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql('create table item (id); insert into item values (1)')
  return playground
}

/** A process that builds, with the path lent, until it is ended. */
async function building(playground: Playground, isReplaced = ''): Promise<{ pid: number; end: () => Promise<void> }> {
  const builder = playground.start(process.execPath, SCRIPT, playground.origin, playground.volume, 'never', isReplaced)
  await builder.waitFor(/building/)
  const end = async (): Promise<void> => {
    builder.process.kill('SIGKILL')
    await builder.exit
  }
  return { pid: builder.pid, end }
}

async function recoverIn(playground: Playground): Promise<Attachment | undefined> {
  const context = contextOf(playground)
  return await locked(context, () => recover(context))
}

async function stateOf(playground: Playground): Promise<unknown> {
  const { stdout } = await playground.devshm('doctor', '--json', '--db', 'db.sqlite3')
  const { findings } = JSON.parse(stdout) as { findings: { check: string }[] }
  return findings.filter(({ check }) => check === 'state')[0]
}

test('the lent path is still the database; status and doctor say what is there and that it is lent', async () => {
  await using playground = await withDatabase()
  const { pid, end } = await building(playground)
  const to = liveOf(playground.origin)
  expect(resolveOrigin(playground.origin)).toBe(playground.origin)
  expect(await playground.status()).toMatchObject({ state: 'on-disk', openBy: [], lent: { to, by: pid }, bytes: 8192 })
  expect((await playground.devshm('status')).stdout).toContain(`while pid ${pid} builds a template`)
  expect(await stateOf(playground)).toMatchObject({ level: 'note', message: expect.stringContaining(String(pid)) })
  await end()
  const { lent } = await playground.status()
  expect(lent).not.toHaveProperty('by')
  expect(await stateOf(playground)).toMatchObject({
    level: 'problem',
    remedy: expect.stringContaining('devshm detach'),
  })
  expect(existsSync(to)).toBe(true)
})

test.each(['', 'replaced'])(
  'a holder neither follows the lent path nor joins again, and puts it back when the build is killed (%s)',
  async (isReplaced) => {
    await using playground = await withDatabase()
    expect((await playground.devshm('attach')).status).toBe(0)
    playground.sql('insert into item values (2)')
    const live = liveOf(playground.origin)
    const { end } = await building(playground, isReplaced)
    expect(await playground.status()).toMatchObject({ state: 'in-ram', live, heldBy: [{ kind: 'holder' }] })
    if (isReplaced === '') {
      expect((await playground.devshm('attach')).stderr).toContain('in RAM already')
      const options: CommonOptions = { cwd: playground.folder, env: playground.env, db: [], json: false }
      expect(await openEverythingInRam(options, () => undefined, { orphans: false })).toHaveLength(1)
    }
    const log = join(playground.folder, STORE, 'holder.log')
    const before = readFileSync(log, 'utf8')
    // Longer than until the holder's next look.
    await sleep(700)
    await end()
    await eventually('the link is back', () => isLink(playground.origin) && liveOf(playground.origin) === live)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
    await eventually('it is in the log', () => readFileSync(log, 'utf8').includes('put-back'))
    expect(readFileSync(log, 'utf8').slice(before.length)).not.toMatch(/joined|attached|waiting|failed/)
  },
)

test.each(['delete', 'absent', 'in RAM'])('%s: rm -rf .devshm during a build loses nothing', async (before) => {
  await using playground = before === 'absent' ? await createPlayground() : await withDatabase()
  if (before === 'in RAM') await attachIn(contextOf(playground))
  const target = await targetIn(playground)
  await lendIn(contextOf(playground), target, () => {
    rmSync(join(playground.folder, '.devshm'), { recursive: true })
    playground.sql('create table made (id)')
  })
  expect(isLink(playground.origin)).toBe(before === 'in RAM')
  if (before === 'absent') expect(existsSync(playground.origin)).toBe(false)
  else expect(playground.sql('select id from item')).toEqual([{ id: 1 }])
  expect(playground.sql('select name from sqlite_schema', target)).toEqual([{ name: 'made' }])
})

test('while a build runs no command takes the path from it, even with its lock removed', async () => {
  await using playground = await withDatabase()
  const before = fingerprintOf(playground.origin)
  const { pid, end } = await building(playground)
  const to = liveOf(playground.origin)
  rmSync(join(playground.folder, '.devshm'), { recursive: true })
  const { status, stderr } = await playground.devshm('attach')
  expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining(`pid ${pid}`) })
  expect(liveOf(playground.origin)).toBe(to)
  await end()
  expect((await playground.devshm('detach')).status).toBe(0)
  expect(fingerprintOf(playground.origin)).toEqual(before)
})

test.each(['delete', 'in RAM'])('%s: a project copied during a build has its own data', async (before) => {
  await using playground = await withDatabase()
  if (before === 'in RAM') await attachIn(contextOf(playground))
  playground.sql('insert into item values (2)')
  const { end } = await building(playground)
  const to = liveOf(playground.origin)
  const copy = join(playground.folder, 'copy')
  mkdirSync(copy)
  await playground.command('cp', '-a', '.devshm', 'db.sqlite3', copy)
  await playground.command('sh', '-c', `cp -a .*.devshm-original "${copy}" || true`)
  const [program, ...args] = DEVSHM
  const inCopy = await playground.command('sh', '-c', 'cd copy && exec "$@"', 'sh', program, ...args, 'detach')
  expect(inCopy).toMatchObject({ status: 0 })
  expect(isLink(join(copy, 'db.sqlite3'))).toBe(false)
  expect(playground.sql('select id from item', join(copy, 'db.sqlite3'))).toEqual([{ id: 1 }, { id: 2 }])
  expect(liveOf(playground.origin)).toBe(to)
  await end()
  expect((await playground.devshm('detach', '--db', 'db.sqlite3')).status).toBe(0)
  expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
})

test.each(['delete', 'in RAM'])('%s: a project moved during a build is put right where it is', async (before) => {
  await using playground = await createPlayground()
  const [old, moved] = [join(playground.folder, 'app'), join(playground.folder, 'moved')]
  mkdirSync(old)
  const there = { origin: join(old, 'db.sqlite3'), volume: playground.volume }
  playground.sql('create table item (id); insert into item values (1)', there.origin)
  if (before === 'in RAM') await attachIn(contextOf(there))
  const target = await targetIn(playground)
  const lent = lendIn(contextOf(there), target, () => {
    renameSync(old, moved)
    mkdirSync(old)
    playground.sql('create table another (id)', there.origin)
  })
  await expect(lent).rejects.toMatchObject({ code: 'IO', message: expect.stringContaining('went away') })
  expect(playground.sql('select name from sqlite_schema', there.origin)).toEqual([{ name: 'another' }])
  const origin = join(moved, 'db.sqlite3')
  // This process has not ended, so that a command in another one may not believe that the build has.
  await lendIn(contextOf({ ...there, origin }), target, () => undefined)
  expect(playground.sql('select id from item', origin)).toEqual([{ id: 1 }])
  expect(isLink(origin)).toBe(before === 'in RAM')
})

test('a record that a cloned project carries changes nothing', async () => {
  await using playground = await withDatabase()
  await recoverIn(playground)
  const before = fingerprintOf(playground.origin)
  const { original, lending } = contextOf(playground).places
  playground.sql('create table planted (id)', original)
  const to = join(playground.volume, 'devshm-0/builds/build-x/db')
  const live = join(playground.volume, 'devshm-0/app/db/live-x/live.sqlite3')
  const maker = { pid: 1, startedAt: '1', bootId: 'x' }
  for (const was of [{ kind: 'absent' }, { kind: 'file', inode: '1:1' }, { kind: 'link', target: live }]) {
    writeFileSync(lending, JSON.stringify({ version: 1, was, to, since: 'x', maker, folder: '1:1', hasBegun: true }))
    expect(await recoverIn(playground)).toBeUndefined()
    expect(fingerprintOf(playground.origin)).toEqual(before)
    expect(readdirSync(join(playground.folder, STORE))).not.toContain('lent.json')
  }
  rmSync(original)
  rmSync(playground.origin)
  symlinkSync(to, playground.origin)
  await expect(recoverIn(playground)).rejects.toMatchObject({ code: 'LOST' })
  expect(liveOf(playground.origin)).toBe(to)
})
