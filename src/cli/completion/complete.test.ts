import { expect, test } from 'vitest'
import { buildProgram } from '../program.ts'
import { complete, type Completion, type LookUp } from './complete.ts'

const program = buildProgram({ cwd: '/', env: {}, program: [] }, () => undefined)

const lookUp: LookUp = {
  databases: () => Promise.resolve([{ value: 'db.sqlite3', description: '' }]),
  snapshots: (db) =>
    Promise.resolve(
      ['@before-reset-1', 'demo', ...db.map((path) => `of-${path}`)].map((value) => ({ value, description: '12 KB' })),
    ),
}

async function valuesAt(...words: string[]): Promise<Completion | string[]> {
  const found = await complete(program, words, lookUp)
  return found === 'files' || 'commandAt' in found ? found : found.map(({ value }) => value)
}

test('commands are those of the help, with what it says of them', async () => {
  expect(await complete(program, ['rese'], lookUp)).toEqual([
    { value: 'reset', description: 'make the database what its set-up makes of nothing' },
  ])
  const listed = program.helpInformation().split('Commands:')[1] ?? ''
  const names = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name)
  expect(names).toContain('completion')
  expect(await valuesAt('')).toEqual(names)
  expect(await valuesAt('help', 'rese')).toEqual(['reset'])
})

test.each([
  [
    ['snapshots', ''],
    ['rm', 'help'],
  ],
  [['snapshots', '--j'], ['--json']],
  [['template', 'ex'], ['explain']],
  [['template', 'help', 'ex'], ['explain']],
  [['template', 'prune', '--a'], ['--all']],
  [['reset', '--no'], ['--no-cache']],
  [
    ['status', ''],
    ['--db', '--json', '--verbose', '--all', '--help'],
  ],
  [
    ['status', '--all', '--json', '--db', 'x', ''],
    ['--db', '--verbose', '--help'],
  ],
  [
    ['nonsense', ''],
    ['--version', '--help'],
  ],
])('subcommands and options that are left: %j', async (words, values) => {
  expect(await valuesAt(...words)).toEqual(values)
})

test.each([
  [
    ['run', '--journal', ''],
    ['keep', 'wal'],
  ],
  [['run', '--journal=w'], ['--journal=wal']],
  [['run', '--db', 'd'], ['db.sqlite3']],
  [['run', '--db=d'], ['--db=db.sqlite3']],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish'],
  ],
  [['reset', '--timeout', ''], []],
])('values of options and arguments: %j', async (words, values) => {
  expect(await valuesAt(...words)).toEqual(values)
})

test.each([
  [
    ['restore', ''],
    ['@before-reset-1', 'demo'],
  ],
  [['restore', '@'], ['@before-reset-1']],
  [['restore', '--db', 'x', 'o'], ['of-x']],
  [['restore', '--db=x', '--', 'o'], ['of-x']],
  [['diff', 'demo', 'd'], ['demo']],
  [['snapshots', 'rm', 'a', 'b', 'de'], ['demo']],
  [
    ['restore', 'demo', ''],
    ['--db', '--json', '--verbose', '--timeout', '--help'],
  ],
  [['restore', './d'], 'files'],
  [['clone', 'rm', ''], 'files'],
])('names of snapshots, else files: %j', async (words, values) => {
  expect(await valuesAt(...words)).toEqual(values)
})

test.each([
  [['run', ''], 1],
  [['run', '--', 'ma'], 2],
  [['run', '--save-every', '5', '--', 'python3', 'manage.py', '--'], 4],
  [['test', '--clones', '2', 'npm', 'te'], 3],
])('what follows is another command’s: %j', async (words, commandAt) => {
  expect(await valuesAt(...words)).toEqual({ commandAt })
})
