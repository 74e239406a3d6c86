import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import {
  createPlayground,
  DEVSHM,
  endHolders,
  eventually,
  isLink,
  liveOf,
  type Playground,
  type Started,
} from '../support/playground.ts'

const RECORD = '.devshm/db.sqlite3/attachment.json'

test('a record in a project that was cloned can make devshm remove nothing outside its own folders', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  await playground.devshm('run', '--', 'true')
  const precious = join(playground.folder, 'precious')
  mkdirSync(precious)
  writeFileSync(join(precious, 'thesis'), 'years of work')
  const record = { version: 1, origin: playground.origin, live: join(precious, 'thesis'), volume: playground.folder }
  const rest = { device: '1', bootId: 'x', attachedAt: '2026-01-01T00:00:00Z', journal: 'keep' }
  writeFileSync(join(playground.folder, RECORD), JSON.stringify({ ...record, ...rest, before: { kind: 'absent' } }))
  for (const command of ['save', 'detach']) await playground.devshm(command)
  expect(readFileSync(join(precious, 'thesis'), 'utf8')).toBe('years of work')
})

test.skipIf(process.geteuid?.() !== 0)('RAM that another user put in place after a restart is refused', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a); insert into t values (1)')
  await playground.devshm('attach')
  const live = liveOf(playground.origin)
  const record = readFileSync(join(dirname(live), 'attachment.json'), 'utf8')
  // The machine restarts: the holder is gone, and so is the RAM.
  await endHolders(playground.volume)
  rmSync(join(playground.volume, 'devshm-0'), { recursive: true })
  mkdirSync(dirname(live), { recursive: true })
  playground.sql('create table t (a); insert into t values (666)', live)
  writeFileSync(join(dirname(live), 'attachment.json'), record)
  for (let folder = dirname(live); folder !== playground.volume; folder = dirname(folder)) {
    chmodSync(folder, 0o755)
    chownSync(folder, 65_534, 65_534)
  }
  const { status, stderr } = await playground.devshm('detach')
  expect(stderr).toContain('which is not a folder of this user')
  expect(status).toBe(1)
  expect(isLink(playground.origin)).toBe(true)
})

test('what a moved project has in RAM is not taken away by a new project at its old path', async () => {
  await using playground = await createPlayground()
  const [old, moved] = [join(playground.folder, 'app'), join(playground.folder, 'app.bak')]
  mkdirSync(old)
  playground.sql('create table t (a); insert into t values (1)', join(old, 'db.sqlite3'))
  const at = (folder: string, ...args: string[]) =>
    playground.command('sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', folder, ...DEVSHM, ...args)
  await at(old, 'attach')
  playground.sql('insert into t values (2)', join(old, 'db.sqlite3'))
  await playground.command('mv', old, moved)
  mkdirSync(old)
  playground.sql('create table t (a); insert into t values (9)', join(old, 'db.sqlite3'))
  await at(old, 'run', '--', 'true')
  expect(playground.sql('select a from t', join(moved, 'db.sqlite3'))).toEqual([{ a: 1 }, { a: 2 }])
  expect(playground.sql('select a from t', join(old, 'db.sqlite3'))).toEqual([{ a: 9 }])
})

test('a live database whose record is gone is carried on with, not removed', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a); insert into t values (1)')
  await playground.devshm('attach')
  playground.sql('insert into t values (2)')
  const record = join(dirname(liveOf(playground.origin)), 'attachment.json')
  rmSync(record)
  expect((await playground.devshm('save')).status).toBe(0)
  expect(existsSync(record)).toBe(true)
  expect((await playground.devshm('detach')).status).toBe(0)
  expect(playground.sql('select a from t')).toEqual([{ a: 1 }, { a: 2 }])
})

test('a project folder that is away for a moment does not end the session', async () => {
  await using playground = await createPlayground()
  const { app, running } = await runInFolder(playground)
  await playground.command('mv', app, `${app}2`)
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  await playground.command('mv', `${app}2`, app)
  playground.sql('insert into t values (3)', join(app, 'db.sqlite3'))
  running.process.stdin?.write('\n')
  expect(await running.exit).toBe(0)
  expect(isLink(join(app, 'db.sqlite3'))).toBe(false)
  expect(playground.sql('select a from t', join(app, 'db.sqlite3'))).toEqual([{ a: 3 }])
})

test('a project that is gone for good is no success: the run says where the data is', async () => {
  await using playground = await createPlayground()
  const { app, running } = await runInFolder(playground)
  await playground.command('mv', app, `${app}2`)
  running.process.stdin?.write('\n')
  expect(await running.exit).toBe(1)
  expect(running.output).toContain('is gone, so it cannot be saved there')
  await eventually('the data is still linked', () => isLink(join(`${app}2`, 'db.sqlite3')))
})

test('a log that lies beside the link is not applied to the save that is restored', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a); insert into t values (1)')
  await playground.devshm('attach')
  await playground.command('python3', '-c', FOREIGN_LOG, join(playground.folder, 'other.db'))
  await playground.command('cp', 'other.db-wal', 'db.sqlite3-wal')
  await playground.command('rm', '-f', 'other.db', 'other.db-wal', 'other.db-shm')
  rmSync(join(playground.volume, `devshm-${process.geteuid?.() ?? 0}`), { recursive: true })
  await playground.devshm('detach')
  expect(isLink(playground.origin)).toBe(false)
  expect(playground.sql('select a from t')).toEqual([{ a: 1 }])
})

const FOREIGN_LOG = `
import os, sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.execute('pragma journal_mode = wal')
c.execute('create table foreign_one (b)')
c.commit()
os._exit(0)
`

/** A project in a folder of its own, and a run in it that lasts until a line is typed. */
async function runInFolder(playground: Playground): Promise<{ app: string; running: Started }> {
  const app = join(playground.folder, 'app')
  mkdirSync(app)
  playground.sql('create table t (a)', join(app, 'db.sqlite3'))
  const inFolder = ['-c', 'cd "$1" && shift && exec "$@"', 'sh', app]
  const running = playground.start('sh', ...inFolder, ...DEVSHM, 'run', '--', 'sh', '-c', 'echo up; read line')
  await running.waitFor(/^up$/m)
  return { app, running }
}
