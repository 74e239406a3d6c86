import type { Command } from 'commander'
import * as fc from 'fast-check'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildProgram } from '../../src/cli/program.ts'
import { createPlayground, endHolders } from '../support/playground.ts'
import { startCaller, type Caller } from './support/caller.ts'
import { corpus, fuzz, FUZZ_TIMEOUT_MS } from './support/fuzz.ts'

/** Never as root, who may mount and unmount. */
const NOBODY = 65_534
const AS_NOBODY =
  process.geteuid?.() === 0 ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : []

/** The holder's own command never ends; a benchmark takes minutes. */
const LEFT_OUT = ['hold', 'bench', 'bench-reset', 'help']

const NAMES = ['db.sqlite3', 'a', '@attach', '../precious', '../precious/thesis.sqlite3', '/etc/passwd', '/dev/null']
const ODD = ['', '-', '--', '-x', '--db', '..', '.', '\n', '\u001b[2J', '\u202e', 'file:x?mode=memory', 'x'.repeat(300)]
const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.constantFrom('0', '1', '-1', '1e9', 'NaN', 'off', 'all', '1M', 'wal', 'bash') },
  // No argument of a program can have a NUL in it.
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\0', '')) },
)
const program = fc.constantFrom(
  ['true'],
  ['false'],
  ['sh', '-c', 'exit 3'],
  ['no-such-program'],
  ['./db.sqlite3'],
  [''],
)

/** The words of every command with what its definition allows, and then some. */
function callOf(command: Command, path: readonly string[]): fc.Arbitrary<string[]> {
  const flags = command.options.flatMap(({ long, required, optional }) =>
    long === undefined ? [] : [required || optional ? word.map((value) => [long, value]) : fc.constant([long])],
  )
  const flag = flags.length === 0 ? fc.constant<string[]>([]) : fc.oneof(...flags)
  const runs = command.registeredArguments.some(({ variadic }) => variadic) && /^(?:run|test)$/.test(command.name())
  const rest = runs ? program.map((words) => ['--', ...words]) : fc.array(word, { maxLength: 2 })
  return fc
    .tuple(fc.array(flag, { maxLength: 3 }), rest)
    .map(([given, operands]) => [...path, ...given.flat(), ...operands])
}

function everyCall(): fc.Arbitrary<string[]> {
  const root = buildProgram({ cwd: '/', env: {}, program: [] }, () => undefined)
  const all = root.commands.flatMap((command) => [
    { command, path: [command.name()] },
    ...command.commands.map((one) => ({ command: one, path: [command.name(), one.name()] })),
  ])
  const wanted = all.filter(({ path }) => path.every((name) => !LEFT_OUT.includes(name)))
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...wanted.map(({ command, path }) => callOf(command, path))) },
    { weight: 1, arbitrary: fc.array(word, { maxLength: 4 }).filter(([first]) => !LEFT_OUT.includes(first ?? '')) },
  )
}

interface Stage {
  readonly caller: Caller
  readonly outside: () => string[]
}

/** A project beside something precious of the same user. */
async function openStage(): Promise<Stage> {
  const playground = await createPlayground()
  onTestFinished(() => playground[Symbol.asyncDispose]())
  const [home, project] = [playground.folder, join(playground.folder, 'project')]
  for (const name of ['project', 'precious', 'home']) mkdirSync(join(home, name))
  playground.sql('create table t (a); insert into t values (1)', join(project, 'db.sqlite3'))
  playground.sql('create table t (a); insert into t values (2)', join(home, 'precious/thesis.sqlite3'))
  writeFileSync(
    join(project, 'devshm.config.json'),
    '{"databases": {"main": {"path": "db.sqlite3"}}, "env": {"DB": "{path}"}, ' +
      '"setup": [{"run": "sqlite3 $DB \'create table if not exists t (a)\'", "inputs": []}]}',
  )
  if (AS_NOBODY.length > 0) {
    const paths = [home, ...readdirSync(home, { recursive: true, encoding: 'utf8' }).map((path) => join(home, path))]
    for (const path of [...paths, playground.cache, playground.volume]) chownSync(path, NOBODY, NOBODY)
    chmodSync(playground.volume, 0o700)
  }
  playground.env['HOME'] = join(home, 'home')
  const caller = startCaller({ ...playground, folder: project }, AS_NOBODY)
  onTestFinished(async () => {
    await caller[Symbol.asyncDispose]()
    await endHolders(playground.volume)
  })
  return { caller, outside: () => [...readdirSync(home), ...listing(join(home, 'precious'))] }
}

/** `restore` and `--db` may be given the precious file, and then work with it: that is what they were told. */
function listing(folder: string): string[] {
  return readdirSync(folder).flatMap((name) =>
    name.startsWith('.devshm') || name.includes('sqlite3') ? [] : [name, readFileSync(join(folder, name), 'hex')],
  )
}

async function hold({ caller, outside }: Stage, words: readonly string[]): Promise<void> {
  const before = outside()
  const { status, stdout, stderr } = await caller.call(words)
  const runsProgram = words[0] === 'run' || words[0] === 'test'
  if (!runsProgram) expect([0, 1, 2]).toContain(status)
  expect(stderr).not.toMatch(words.includes('--verbose') ? /unexpected:/ : /^ {4}at |unexpected:/m)
  expect(stdout + stderr).not.toMatch(/(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u)
  if (status !== 0 && !runsProgram && words[0] !== undefined) {
    const lines = stderr.split('\n').filter((line) => !/^devshm: (?:building|the input)/.test(line))
    const isOneLine = /^devshm: .+$|^\{"type":"error"|^Usage: /m.test(lines.join('\n'))
    expect(isOneLine || stdout !== '', stderr).toBe(true)
  }
  expect(outside()).toEqual(before)
}

test('the calls of the corpus end with a status and a line that says why', async () => {
  const stage = await openStage()
  const calls = corpus('command-line').flatMap(([, text]) =>
    text
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string[]),
  )
  expect(calls.length).toBeGreaterThan(10)
  for (const words of calls) await hold(stage, words)
})

test('any call ends with a status and a line that says why', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const stage = await openStage()
  await fuzz('command-line', everyCall(), 60, (words) => hold(stage, words))
})
