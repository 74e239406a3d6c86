import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { canMount } from '../../src/doctor/pretend.fixture.ts'
import { mountVolume } from '../support/small-volume.ts'
import { createTwoUsers, type TwoUsers } from '../volume/support/two-users.ts'
import { devshmIn, openSharedRam, portraitOf, shareFolder, shellIn } from './support/shared.ts'

/** `npm run test:security` has many more. */
const ROUNDS = Number(process.env['DEVSHM_ROUNDS'] ?? 3)
const IS_LONG = process.env['DEVSHM_ROUNDS'] !== undefined
const ATTACKER = readFileSync(join(import.meta.dirname, 'support/attacker.py'), 'utf8')

/** What devshm and SQLite use beside a database. */
const BESIDE = ['.devshm', '.db.sqlite3.devshm-original', 'db.sqlite3-journal', 'db.sqlite3-wal', 'devshm.config.json']

interface Attacker extends AsyncDisposable {
  /** End it. @returns how many rounds it has made */
  stop(): Promise<number>
}

/** Let the other user attack names in a folder until it is stopped. */
async function attack({ uids }: TwoUsers, folder: string, target: string, names: readonly string[]): Promise<Attacker> {
  const as = [`--reuid=${uids.mallory}`, `--regid=${uids.mallory}`, '--clear-groups', '--']
  const child = spawn('setpriv', [...as, '/usr/bin/python3', '-c', ATTACKER, folder, target, ...names], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const said = text(child.stdout)
  const stop = async (): Promise<number> => {
    child.stdin.end()
    await exit
    const rounds = Number((await said).trim().split('\n').at(-1))
    if (IS_LONG) process.stdout.write(`${rounds} rounds on ${names.join(', ')} meanwhile\n`)
    return rounds
  }
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

/** Things of the one who is attacked, which others could at most read: nothing about them may change. */
function makeVault({ project, uids }: TwoUsers, parent: string): string {
  const vault = join(parent, 'vault')
  mkdirSync(join(vault, 'db.sqlite3'), { recursive: true })
  writeFileSync(join(vault, 'thesis.sqlite3'), readFileSync(join(project.ann, 'db.sqlite3')))
  writeFileSync(join(vault, 'db.sqlite3/lock'), 'not a lock')
  for (const path of [vault, join(vault, 'db.sqlite3')]) chmodSync(path, 0o755)
  for (const name of ['.', 'db.sqlite3', 'thesis.sqlite3', 'db.sqlite3/lock'])
    chownSync(join(vault, name), uids.ann, uids.ann)
  return vault
}

/** What is known of the rows of a database that commands were at work on. */
interface Known {
  /** Those that it must hold. */
  readonly rows: ReadonlySet<number>
  /** How many commands did their work. */
  readonly done: number
}

/**
 * An app adds a row, what there is becomes the snapshot `mine`, and now and then that is put back: each command does its
 * work, and then that holds, or it says in words why not, and then nothing has changed.
 */
async function workUnderAttack(users: TwoUsers, folder: string, rounds: number): Promise<Known> {
  let [rows, mine] = [new Set([1]), new Set<number>()]
  let done = 0
  const isDone = async (command: string, ...args: string[]): Promise<boolean> => {
    const { status, stderr } = await devshmIn(folder, users, 'ann', command, '--db', 'db.sqlite3', ...args)
    expect(stderr).not.toMatch(/^ {4}at |unexpected:/m)
    expect([0, 1, 2]).toContain(status)
    if (status === 0) done += 1
    return status === 0
  }
  for (let round = 0; round < rounds; round += 1) {
    const row = round + 2
    if (await isDone('run', '--', 'sqlite3', 'db.sqlite3', `insert into t values (${row})`)) rows.add(row)
    if (round % 3 === 2 && mine.size > 0 && (await isDone('restore', 'mine'))) rows = new Set(mine)
    if (await isDone('snapshot', '--force', 'mine')) mine = new Set(rows)
  }
  return { rows, done }
}

describe.runIf(canMount)(
  'while another user exchanges what is where devshm works (needs root, to be both users)',
  () => {
    test.for([
      ['a sticky project folder', 0o1777],
      ['a project folder that everybody may change', 0o777],
    ] as const)(
      '%s: nothing outside of devshm’s own folders is written, changed or removed',
      { timeout: 60_000 + ROUNDS * 30_000 },
      async ([, mode]) => {
        using ram = openSharedRam()
        await using users = await createTwoUsers(ram.path)
        const shared = shareFolder(users, 'shared', mode)
        await shellIn(shared, users, 'ann', "sqlite3 db.sqlite3 'create table t (a); insert into t values (1)'")
        const vault = makeVault(users, join(shared, '..'))
        const before = portraitOf(vault)
        await using attacker = await attack(users, shared, vault, BESIDE)
        await workUnderAttack(users, shared, ROUNDS)
        expect(await attacker.stop()).toBeGreaterThan(ROUNDS)
        expect(portraitOf(vault).map(withoutLinks)).toEqual(before.map(withoutLinks))
      },
    )

    test(
      'the folder in RAM: nothing is lost, and nothing is put where the other reads',
      { timeout: 60_000 + ROUNDS * 30_000 },
      async () => {
        using volume = mountVolume('size=64m,mode=1777')
        await using users = await createTwoUsers(volume.path)
        const vault = makeVault(users, users.project.ann)
        const before = portraitOf(vault)
        const name = `devshm-${users.uids.ann}`
        await using attacker = await attack(users, volume.path, vault, [name])
        const { rows, done } = await workUnderAttack(users, users.project.ann, ROUNDS)
        expect(await attacker.stop()).toBeGreaterThan(ROUNDS)
        if (IS_LONG) process.stdout.write(`${done} commands did their work, and ${rows.size} rows must be there\n`)
        expect(done).toBeGreaterThan(0)
        const detach = await devshmIn(users.project.ann, users, 'ann', 'detach', '--db', 'db.sqlite3')
        expect(detach).toMatchObject({ status: 0 })
        expect(portraitOf(vault).map(withoutLinks)).toEqual(before.map(withoutLinks))
        const found = users.playground.sql('select a from t', join(users.project.ann, 'db.sqlite3'))
        expect([...rows].filter((row) => !found.some(({ a }) => Number(a) === row))).toEqual([])
        const { stdout } = await users.as('mallory', 'find', volume.path, '-user', 'ann', '-perm', '/077')
        expect(stdout).toBe('')
      },
    )
  },
)

/** Hard links that the other has made of a file count in it, and its time of change is not looked at. */
function withoutLinks(line: string): string {
  const [name, inode, mode, uid, , ...rest] = line.split(' ')
  return [name, inode, mode, uid, ...rest].join(' ')
}
