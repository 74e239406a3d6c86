import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Step } from '../../src/session/context.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { createPlayground, isLink, liveOf, type Playground } from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { attachIn, contextOf, type WatchedContext } from './support/in-process.ts'
import { fingerprintOf } from './support/lend.ts'

const SCRIPT = join(import.meta.dirname, 'support/lend-and-die.script.ts')
const STORE = '.devshm/db.sqlite3'

interface Crash {
  readonly before: 'delete' | 'wal' | 'absent' | 'in RAM'
  readonly step: Step
  readonly replaced?: 'replaced'
}

const STEPS = ['lent:recorded', 'lent:kept', 'lent:swapped', 'lent:done', 'lent:back'] as const

const STEPS_OF: Readonly<Record<Crash['before'], readonly Step[]>> = {
  delete: STEPS,
  wal: ['lent:kept', 'lent:swapped', 'lent:done'],
  // Only a file is kept under a second name.
  absent: STEPS.filter((step) => step !== 'lent:kept'),
  'in RAM': STEPS.filter((step) => step !== 'lent:kept'),
}

const CRASHES: readonly Crash[] = (['delete', 'wal', 'absent', 'in RAM'] as const).flatMap((before) => [
  ...STEPS_OF[before].map((step) => ({ before, step })),
  ...(before === 'absent' ? [] : [{ before, step: 'lent:done', replaced: 'replaced' } as const]),
])

async function prepare(before: Crash['before']): Promise<Playground> {
  const playground = await createPlayground()
  if (before === 'absent') return playground
  playground.sql(`pragma journal_mode = ${before === 'wal' ? 'wal' : 'delete'}; create table item (id)`)
  if (before === 'in RAM') await attachIn(contextOf(playground))
  playground.sql('insert into item values (1)')
  return playground
}

async function crash(playground: Playground, { step, replaced }: Omit<Crash, 'before'>): Promise<void> {
  const args = [playground.origin, playground.volume, step, replaced ?? '']
  expect(await playground.command(process.execPath, SCRIPT, ...args)).toMatchObject({ status: -1, stderr: '' })
}

async function recoverIn(playground: Playground): Promise<WatchedContext> {
  const context = contextOf(playground)
  await locked(context, () => recover(context))
  return context
}

/** Every file of the project with its inode and time, without the locks and the instructions. */
function listing({ folder }: Playground): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !/\/(lock|presence|README)$/.test(path))
    .map((path) => [path, lstatSync(join(folder, path))] as const)
    .map(([path, stats]) => (stats.isDirectory() ? path : `${path} ${stats.ino} ${stats.mtimeMs}`))
    .toSorted()
}

test.each(CRASHES)('$before: a build killed at $step ($replaced) is put right by the next command', async (where) => {
  await using playground = await prepare(where.before)
  const { origin } = playground
  const isFile = where.before === 'delete' || where.before === 'wal'
  const before = isFile ? fingerprintOf(origin) : where.before === 'in RAM' ? liveOf(origin) : undefined
  await crash(playground, where)
  const { events } = await recoverIn(playground)

  if (isFile) expect(fingerprintOf(origin)).toEqual(before)
  else if (where.before === 'in RAM') expect(liveOf(origin)).toBe(before)
  else expect(existsSync(origin)).toBe(false)
  if (where.before !== 'absent') expect(playground.sql('select id from item')).toEqual([{ id: 1 }])
  const kept = readdirSync(join(playground.folder, STORE, 'snapshots')).filter((name) => name !== '@attach.sqlite3')
  expect(kept).toEqual(where.replaced === undefined ? [] : ['@replaced.sqlite3'])
  for (const { type } of events) expect(type).toBe('put-back')
  expect(readdirSync(playground.folder).filter((name) => name !== 'db.sqlite3')).toEqual(['.devshm'])
  expect(readdirSync(join(playground.folder, STORE))).not.toContain('lent.json')

  const once = listing(playground)
  expect((await recoverIn(playground)).events).toEqual([])
  expect(listing(playground)).toEqual(once)
})

test.each(['delete', 'absent', 'in RAM'] as const)(
  '%s: a build that a restart of the machine ended is put right, from the disk alone',
  async (before) => {
    await using playground = await prepare(before)
    await crash(playground, { step: 'lent:done' })
    rmSync(join(playground.volume, `devshm-${process.getuid?.()}`), { recursive: true })
    const { status, stderr } = await playground.devshm('detach', '--db', 'db.sqlite3')
    expect({ status, stderr }).toMatchObject({ status: 0, stderr: expect.stringContaining('what was there before is') })
    expect(isLink(playground.origin)).toBe(false)
    // What was written in RAM only, and never saved, is gone with the RAM, as without a build.
    const rows = { delete: [{ id: 1 }], absent: undefined, 'in RAM': [] }[before]
    if (rows === undefined) expect(existsSync(playground.origin)).toBe(false)
    else expect(playground.sql('select id from item')).toEqual(rows)
  },
)

test.each(['delete', 'absent', 'in RAM'] as const)(
  '%s: after rm -rf .devshm as well, nothing is lost',
  async (before) => {
    await using playground = await prepare(before)
    await crash(playground, { step: 'lent:done' })
    rmSync(join(playground.folder, '.devshm'), { recursive: true })
    const { status, stderr } = await playground.devshm('detach', '--db', 'db.sqlite3')
    if (before === 'absent') {
      expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringContaining('rm ') })
      return
    }
    expect({ status, stderr }).toMatchObject({ status: 0 })
    expect(isLink(playground.origin)).toBe(false)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }])
  },
)

test.each(['delete', 'wal'] as const)(
  '%s: what somebody commits who opened the original just before a build that was killed took its path is not lost',
  async (mode) => {
    await using playground = await prepare(mode)
    const args = [playground.origin, playground.volume, 'lent:swapped', 'wait']
    const builder = playground.start(process.execPath, SCRIPT, ...args)
    await builder.waitFor(/kept/)
    await using app = await connectElsewhere(playground.origin)
    // From then on it has the log open in WAL mode.
    await app.query('select * from item')
    builder.process.stdin?.write('go')
    await builder.exit
    const expected = [{ id: 1 }]
    try {
      await app.query('insert into item values (2)')
      expected.push({ id: 2 })
    } catch (error) {
      // In rollback mode SQLite sees that the file has lost its place.
      expect({ mode, error }).toMatchObject({
        mode: 'delete',
        error: { message: 'attempt to write a readonly database' },
      })
    }
    await recoverIn(playground)
    await app.query('insert into item values (3)')
    expected.push({ id: 3 })
    expect(playground.sql('select id from item')).toEqual(expected)
    await app.close()
    expect(playground.sql('select id from item')).toEqual(expected)
    expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
  },
)

test.each([
  ['delete', 'lent:recorded'],
  ['delete', 'lent:kept'],
  ['in RAM', 'lent:recorded'],
] as const)(
  '%s: a file that the user puts at the path after %s, before anything was run, stays',
  async (before, step) => {
    await using playground = await prepare(before)
    await crash(playground, { step })
    rmSync(playground.origin)
    playground.sql('create table theirs (id)')
    const theirs = fingerprintOf(playground.origin)
    const { events } = await recoverIn(playground)
    // What was in RAM is kept, as always.
    expect(events.map(({ type }) => type)).toEqual(before === 'in RAM' ? ['replaced'] : [])
    expect(fingerprintOf(playground.origin)).toEqual(theirs)
  },
)

test('.devshm/README says how to get the original back by hand', async () => {
  await using playground = await prepare('delete')
  const before = fingerprintOf(playground.origin)
  await crash(playground, { step: 'lent:done' })
  const readme = readFileSync(join(playground.folder, '.devshm/README'), 'utf8')
  const commands = readme.split('\n').filter((line) => line.startsWith('    '))
  expect(await playground.command('sh', '-ec', commands.join('\n'))).toMatchObject({ status: 0, stderr: '' })
  expect(fingerprintOf(playground.origin)).toEqual(before)
  expect((await recoverIn(playground)).events).toEqual([])
  expect(fingerprintOf(playground.origin)).toEqual(before)
  expect(readFileSync(join(playground.folder, '.devshm/README'), 'utf8')).not.toContain('mv -f')
})
