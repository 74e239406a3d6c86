import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startCaller, type Caller } from '../fuzz/support/caller.ts'
import { createPlayground, type Playground } from '../support/playground.ts'

/** What drives a terminal, or shows text in another order than it is in. */
const HARMFUL = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u

const PROJECTS = [
  '-rf',
  '$(id) `id` ; rm',
  'a\ndevshm: saved x',
  '\u001b[2J\u001b]0;t\u0007',
  '\u202egnp',
  'e\u0301é',
  'x'.repeat(255),
]
const DATABASES = [
  '-x.db',
  'a\'b"c d.db',
  'a\n  b.db',
  '\u001b[31m\u009bx.db',
  'file:x?mode=memory',
  '100%41?vfs=unix-none#',
  'x-wal',
  '@attach',
  ':memory:',
]

/** Names that are no file's, or another file's, if they are taken for a path, an option or a URI. */
async function at(folder: string): Promise<{ playground: Playground; caller: Caller; project: string }> {
  const playground = await createPlayground()
  onTestFinished(() => playground[Symbol.asyncDispose]())
  const project = join(playground.folder, folder)
  mkdirSync(project, { recursive: true })
  const caller = startCaller({ ...playground, folder: project }, [])
  onTestFinished(() => caller[Symbol.asyncDispose]())
  return { playground, caller, project }
}

async function callWell(caller: Caller, ...words: string[]): Promise<string> {
  const { status, stdout, stderr } = await caller.call(words)
  expect({ words, status, stderr }).toMatchObject({ status: 0 })
  expect(stdout + stderr).not.toMatch(HARMFUL)
  for (const line of stderr.trimEnd().split('\n')) expect(line).toMatch(/^(?:devshm: | {2}|$)/)
  return stdout
}

test('a project’s folder and database may be called anything: they are found, kept, restored and shown harmlessly', async () => {
  const { playground, caller, project } = await at('.')
  for (const name of [...PROJECTS.map((folder) => `${folder}/db.sqlite3`), ...DATABASES]) {
    const path = join(project, name)
    mkdirSync(join(path, '..'), { recursive: true })
    playground.sql('create table t (a); insert into t values (1)', path)
    const db = `--db=${name}`
    await callWell(caller, 'snapshot', 'one', db)
    await callWell(caller, 'run', db, '--', 'sqlite3', path, 'insert into t values (2)')
    expect(playground.sql('select count(*) as rows from t', path)).toEqual([{ rows: 2 }])
    await callWell(caller, 'diff', 'one', db)
    await callWell(caller, 'restore', 'one', db)
    await callWell(caller, 'undo', db)
    await callWell(caller, 'status', '--verbose', db)
    await callWell(caller, 'snapshots', db)
    await callWell(caller, 'save', db)
    expect(playground.sql('select count(*) as rows from t', path)).toEqual([{ rows: 2 }])
  }
  expect(readdirSync(project).toSorted()).toEqual(['.devshm', ...PROJECTS, ...DATABASES].toSorted())
})

test('no name of a snapshot leads to another folder, is an option, or one of devshm’s own', async () => {
  const { playground, caller, project } = await at('.')
  playground.sql('create table t (a)')
  for (const name of [
    '../x',
    'a/b',
    '..',
    '.',
    '-x',
    '@attach',
    '@before-reset-1',
    'a\nb',
    '\u001b[2J',
    '',
    ' ',
    'é',
    'x'.repeat(200),
  ]) {
    const { status, stderr } = await caller.call(['snapshot', '--', name])
    expect({ name, status }).toEqual({ name, status: 2 })
    expect(stderr).toMatch(/^devshm: [^\n]+ cannot be the name of a snapshot\n {2}[^\n]+\n$/)
    expect(stderr).not.toMatch(HARMFUL)
  }
  for (const name of ['../../../db', '-rf', '@x', '../lock']) {
    const { status } = await caller.call(['snapshots', 'rm', '--', name])
    expect({ name, status }).toEqual({ name, status: 1 })
  }
  expect(readdirSync(project)).toEqual(['.devshm', 'db.sqlite3'].filter((name) => readdirSync(project).includes(name)))
  expect(playground.sql('select * from t')).toEqual([])
})

test('a name for which there is nothing is told on one line, and cannot drive the terminal', async () => {
  const { playground, caller } = await at('.')
  playground.sql('create table t (a)')
  const name = 'a\ndevshm: saved \u001b[2J\u001b]0;t\u0007\u202e\u009b'
  for (const words of [
    ['restore', name],
    ['diff', name],
    ['run', '--db', `${name}/x`, '--', 'true'],
    [name],
    ['run', '--', name],
  ]) {
    const { status, stdout, stderr } = await caller.call(words)
    expect(status).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).not.toMatch(HARMFUL)
    expect(stderr).toMatch(/^devshm: [^\n]+\n {2}[^\n]+\n$/)
  }
  const { stderr } = await caller.call(['restore', '--json', name])
  expect(stderr).not.toMatch(HARMFUL)
  expect(JSON.parse(stderr)).toMatchObject({ details: { name } })
})
