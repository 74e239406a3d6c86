import { copyFileSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCodeOf } from '../../../../src/errors.ts'
import { lastNumberIn, readTold } from '../../../support/ledger.ts'
import { killIfRunning, type Doomed } from '../../../support/doomed.ts'
import type { Stage } from './stage.ts'

/** What rounds did, for people. */
export interface Tally {
  rounds: number
  writersKilled: number
  sessionsKilled: number
  commandsKilled: number
  commandsEnded: number
}

export const emptyTally = (): Tally => ({
  rounds: 0,
  writersKilled: 0,
  sessionsKilled: 0,
  commandsKilled: 0,
  commandsEnded: 0,
})

/** How long each command takes, in milliseconds: as long as last time. */
const expected = new Map<string, number>()
const EXPECTED_AT_FIRST = 500

/** Of a command that did nothing, because a program has the database open. It says so in a line. */
const IN_USE = /stays in RAM|is in use by|is open in|was opened by|is in RAM (by|without) a link for/

/**
 * Have a writer and a session, mostly; start a command; kill some of the three, each at a moment of its own; let the
 * next command put it right; and compare what is there with what was acknowledged.
 */
export async function playRound(stage: Stage, tally: Tally): Promise<void> {
  const { random } = stage
  await haveWriter(stage)
  const name = random.pick(commandsOf(stage))
  const doomed = random.pick(['writer', 'session', 'command', 'all', 'writer and session', 'command'] as const)
  const moments = [random.number(), random.number(), random.number()] as const
  const next = random.pick(commandsOf(stage))

  const known = expected.get(name) ?? EXPECTED_AT_FIRST
  const acknowledged = readTold(stage.told).acknowledged
  const command = start(stage, name, tally)
  const after = async (moment: number, kill: () => Promise<number>): Promise<number> => {
    // All three at the same moment, now and then.
    await sleep(known * 1.2 * (doomed === 'all' && moments[0] < 0.3 ? moments[1] : moment))
    return await kill()
  }
  const killCommand = async (): Promise<number> => ((await killIfRunning(command.pid, 'main.ts')) ? 1 : 0)
  const [writers, sessions, commands] = await Promise.all([
    /writer|all/.test(doomed) ? after(moments[0], () => stage.killWriter()) : 0,
    /session|all/.test(doomed) ? after(moments[1], () => stage.killSessions()) : 0,
    /command|all/.test(doomed) ? after(moments[2], killCommand) : 0,
  ])
  const status = await command.exit
  // A command that keeps the database in RAM, or waits for the process that does, is of those sessions.
  const wasSession = sessions > 0 && (name === 'run' || name === 'attach') && status !== 0
  if (commands === 0 && !wasSession) {
    expected.set(name, command.ms ?? known)
    requireDone(name, command, status)
    await requireKept(stage, name, status, acknowledged, tally.rounds)
  }
  tally.rounds += 1
  tally.writersKilled += writers
  tally.sessionsKilled += sessions
  const wasKilled = commands > 0 || wasSession
  tally.commandsKilled += wasKilled ? 1 : 0
  tally.commandsEnded += wasKilled ? 0 : 1

  stage.note(`devshm ${name} (${status}); killed: ${writers} writers, ${sessions} sessions, ${commands} commands`)

  const before = readTold(stage.told).acknowledged
  const recovering = start(stage, next, tally)
  const outcome = await recovering.exit
  stage.note(`devshm ${next} (${outcome}): ${recovering.errors.trim()}`)
  requireDone(next, recovering, outcome)
  await requireKept(stage, next, outcome, before, tally.rounds)
  await requireNothingLost(stage)
}

/** Let all come to its end: the database is a file again, with all there was, and nothing is left beside it or in RAM. */
export async function playEnd(stage: Stage): Promise<void> {
  await stage.settle()
  const detach = stage.devshm('detach')
  requireDone('detach', detach, await detach.exit, { always: true })
  const { playground, told } = stage
  await requireNothingLost(stage)
  const number = lastNumberIn(playground.origin)
  const { acknowledged } = readTold(told)
  if (number !== acknowledged && number !== acknowledged + 1) {
    throw new Error(`${acknowledged} was committed, and ${number} is the last there is`)
  }
  if (!lstatSync(playground.origin).isFile()) throw new Error('it is not a file again')
  const left = [
    ...playground.inRam().filter((path) => /\.(sqlite3|json)/.test(path)),
    ...stage.stored('unfinished').names,
  ]
  if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`)
  stage.forgetSnapshots()
}

async function haveWriter(stage: Stage): Promise<void> {
  if (stage.isWriterRunning) return
  const { random, kind } = stage
  const how = random.pick(['run', 'run', 'attach', 'alone', 'none', 'wal'] as const)
  if (how === 'none') return
  if (kind.route === 'link' && (how === 'attach' || how === 'alone')) {
    if (how === 'attach') {
      const attach = stage.devshm('attach')
      requireDone('attach', attach, await attach.exit)
    }
    await stage.startWriter()
    return
  }
  const journal = how === 'wal' ? ['--journal', 'wal'] : []
  const [program, ...args] = [process.execPath, join(import.meta.dirname, '../../../../src/cli/main.ts')]
  await stage.startWriter(program, ...args, ...stage.run, ...journal, '--')
}

type Name = 'save' | 'snapshot' | 'detach' | 'attach' | 'run'

function commandsOf({ kind }: Stage): readonly [Name, ...Name[]] {
  return kind.route === 'link' ? ['save', 'snapshot', 'detach', 'attach', 'run'] : ['save', 'snapshot', 'detach', 'run']
}

function start(stage: Stage, name: Name, { rounds }: Tally): Doomed {
  if (name === 'snapshot') return stage.devshm('snapshot', '--force', `kept-${rounds}`)
  if (name === 'run') return stage.devshm(...stage.run, '--', 'true')
  return stage.devshm(name)
}

function requireDone(name: Name, { errors }: Doomed, status: number, { always = false } = {}): void {
  if (status === 0 || (!always && status === 1 && IN_USE.test(errors))) return
  throw new Error(`devshm ${name} ended with ${status}: ${errors}`)
}

/** What a command says that it has put on disk is there: no older than when the command began. */
async function requireKept(
  stage: Stage,
  name: Name,
  status: number,
  acknowledged: number,
  round: number,
): Promise<void> {
  if (status !== 0 || (name !== 'snapshot' && name !== 'save')) return
  const { playground } = stage
  const store = join(playground.folder, '.devshm/db.sqlite3')
  const copies =
    name === 'snapshot'
      ? [join(store, `snapshots/kept-${round}.sqlite3`)]
      : // In the order in which a session that ends meanwhile moves them.
        [join(store, 'last-save.sqlite3'), join(store, 'snapshots/@attach.sqlite3'), playground.origin]
  const numbers = copies.map((copy) => numberInCopyOf(stage, copy))
  if (numbers.some((number) => number !== undefined && number >= acknowledged)) return
  throw new Error(`${name} left ${JSON.stringify(numbers)} on disk; ${acknowledged} was committed before it began`)
}

function numberInCopyOf({ playground, kind }: Stage, path: string): number | undefined {
  if (path === playground.origin && kind.route === 'link') {
    // Where a link is in its place it is in RAM.
    return lstatSync(path).isFile() ? lastNumberIn(path) : undefined
  }
  // Nobody writes to any of these, and who opened them would be in devshm's way.
  const copy = join(playground.cache, 'copy.sqlite3')
  try {
    copyFileSync(path, copy)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
  return lastNumberIn(copy)
}

/** Every commit that had returned is there; at most one more, which had no time to say so, where the writer was killed. */
async function requireNothingLost(stage: Stage): Promise<void> {
  const wasRunning = stage.isWriterRunning
  const before = readTold(stage.told)
  const number = await stage.lastNumber()
  if (before.wrong.length > 0) throw new Error(before.wrong.join('; '))
  const isKnown = wasRunning || number <= before.acknowledged + 1
  if (number >= before.acknowledged && isKnown) return
  throw new Error(`${before.acknowledged} was committed, and ${number} is the last there is`)
}
