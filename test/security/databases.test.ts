import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connect, valueOf } from '../../src/engine/sqlite/connection.ts'
import { startCaller } from '../fuzz/support/caller.ts'
import { createPlayground, type Playground } from '../support/playground.ts'
import { journalNaming } from './support/journal.ts'

const CORPUS = join(import.meta.dirname, '../fuzz/corpus/header')

async function open(): Promise<Playground> {
  const playground = await createPlayground()
  onTestFinished(() => playground[Symbol.asyncDispose]())
  return playground
}

test('every connection trusts nothing in a database: no functions with effects, no extensions, no writes to its inner tables', async () => {
  const playground = await open()
  playground.sql('create table t (a); create virtual table f using fts5 (x)')
  for (const access of ['read-only', 'read-write', 'private', 'unlocked', 'create'] as const) {
    const connection = connect(playground.origin, access)
    try {
      expect(valueOf(connection, 'pragma trusted_schema')).toBe(0)
      expect(valueOf(connection, 'pragma cell_size_check')).toBe(1)
      expect({ ...connection.limits }).toMatchObject({ attach: 2, sqlLength: 10_000_000, triggerDepth: 1 })
      expect(() => connection.enableLoadExtension(true)).toThrow('extension')
      expect(() => valueOf(connection, "select load_extension('/tmp/x')")).toThrow('not authorized')
      connection.exec('pragma writable_schema = on')
      expect(() => connection.exec("update sqlite_schema set sql = ''")).toThrow(/may not be modified|readonly/)
      expect(() => connection.exec('delete from f_data')).toThrow(/may not be modified|readonly/)
    } finally {
      connection.close()
    }
  }
})

describe('a journal that names a file', () => {
  test('has that file removed by no command: what SQLite would take for the journal of several databases', async () => {
    const playground = await open()
    const victim = join(playground.cache, 'thesis')
    for (const args of [['status'], ['run', '--', 'true'], ['snapshot'], ['doctor'], ['restore', 'snapshot-1']]) {
      writeFileSync(victim, 'years of work')
      playground.sql('create table if not exists t (a)')
      writeFileSync(`${playground.origin}-journal`, journalNaming(playground.origin, victim))
      await playground.devshm(...args)
      expect(readFileSync(victim, 'utf8')).toBe('years of work')
    }
  })
})

test('what is no file, or no database, or has no end, is refused in one line, and nothing is changed', async () => {
  const playground = await open()
  const at = (name: string): string => join(playground.folder, name)
  await playground.command('mkfifo', 'pipe')
  symlinkSync('/dev/zero', at('device'))
  symlinkSync('/etc/passwd', at('passwd'))
  writeFileSync(at('sparse'), '')
  truncateSync(at('sparse'), 2 ** 40)
  const before = readFileSync('/etc/passwd', 'utf8')
  for (const name of ['pipe', 'device', 'passwd', 'sparse']) {
    const { status, stderr } = await playground.devshm('run', '--db', name, '--', 'touch', 'ran')
    expect(stderr).toMatch(/^devshm: [^\n]+\n {2}[^\n]+\n$/)
    expect({ name, status }).toEqual({ name, status: 1 })
  }
  expect(readdirSync(playground.folder)).toEqual(['device', 'passwd', 'pipe', 'sparse'])
  expect(readFileSync('/etc/passwd', 'utf8')).toBe(before)
})

test('a schema cannot make devshm take memory, run its code, or read another file', async () => {
  const playground = await open()
  await using caller = startCaller(playground, [])
  const made = '/tmp/x'
  const had = existsSync(made)
  for (const name of [
    'generated-column-of-a-gigabyte',
    'loads-an-extension',
    'schema-is-no-sql',
    'endless-view-and-trigger',
    'fts-over-a-real-table',
  ]) {
    const folder = join(playground.folder, name)
    mkdirSync(folder)
    copyFileSync(join(CORPUS, `${name}.input`), join(folder, 'db.sqlite3'))
    for (const args of [
      ['snapshot', 'a'],
      ['diff', 'a'],
      ['run', '--', 'true'],
    ]) {
      const [command = '', ...rest] = args
      const { status, stderr } = await caller.call([command, '--db', `${name}/db.sqlite3`, ...rest])
      expect(stderr).not.toMatch(/^ {4}at |unexpected:/m)
      expect([0, 1]).toContain(status)
    }
  }
  expect(existsSync(made)).toBe(had)
})

test('a check that a schema draws out ends with another Ctrl-C, and nothing is lost', async () => {
  const playground = await open()
  playground.sql(
    "create table t (a, b as (length('x')) not null); insert into t (a) select value from json_each('[1,2,3,4,5]')",
  )
  const long = Array.from({ length: 150 }, () => 'length(hex(zeroblob(400000)))').join('+')
  const drawOut = `.dbconfig defensive off\npragma writable_schema = on; update sqlite_schema set sql = 'create table t (a, b as (${long}) not null)';`
  const rows = `with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000) insert into t (a) select i from n; ${drawOut}`
  const run = playground.start(
    'sh',
    '-c',
    'exec "$@"',
    'sh',
    process.execPath,
    join(import.meta.dirname, '../../src/cli/main.ts'),
    'run',
    '--save-every',
    'off',
    '--',
    'python3',
    '-c',
    WITH_SQL,
    rows,
  )
  await run.waitFor(/^written$/m)
  await run.waitFor(/^closing$/m)
  // The first may still reach the command, which is about to end.
  const ended = run.exit.then(() => true)
  for (let interrupts = 0; interrupts < 20; interrupts += 1) {
    run.process.kill('SIGINT')
    if (await Promise.race([ended, sleep(500, false)])) break
  }
  expect(run.process.signalCode).toBe('SIGINT')
  expect(run.output).toContain('left at once; what is in RAM is still there')
  expect(playground.sql('select count(*) as rows from t not indexed where a > 0')).toEqual([{ rows: 3005 }])
})

const WITH_SQL = `
import sqlite3, sys
connection = sqlite3.connect('db.sqlite3')
connection.executescript(sys.argv[1].replace('.dbconfig defensive off\\n', ''))
connection.commit()
print('written', flush=True)
connection.close()
print('closing', flush=True)
`
