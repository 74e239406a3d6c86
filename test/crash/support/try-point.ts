import { constants as files, existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { runSql, type Outcome } from '../../support/playground.ts'
import { contentOf, type Content } from './content.ts'
import type { CrashCase } from './crash-case.ts'
import { isHarmless } from './harmless.ts'
import { withPlaceholders } from './placeholders.ts'
import type { Place } from './place.ts'
import { reset, snapshotsIn, type Prepared } from './prepared.ts'
import type { Call, Target } from './shim.ts'

/** What is done at one call of a command. */
export type Blow = 'kill-before' | 'kill-after' | 'ENOSPC' | 'EIO' | 'EACCES' | 'EROFS'

export interface Point {
  readonly key: string
  readonly number: number
  /** The call before it changed nothing: what is there is what was there at the point before. */
  readonly isAsBefore: boolean
}

export interface Trial {
  readonly problems: readonly string[]
  /** Whether the blow fell. */
  readonly isStruck: boolean
}

/** Every call of a recorded run, and how often it was made before. */
export function pointsOf(calls: readonly Call[]): Point[] {
  const seen = new Map<string, number>()
  return calls.map(({ key }, index) => {
    const number = (seen.get(key) ?? 0) + 1
    seen.set(key, number)
    const previous = calls[index - 1]
    return { key, number, isAsBefore: previous !== undefined && !changesSomething(previous) }
  })
}

function changesSomething({ kind, result, pathWas, flags }: Call): boolean {
  if (result < 0 || kind === 'sync' || kind === 'sync-range') return false
  return kind !== 'create' || pathWas === undefined || (flags & files.O_TRUNC) !== 0
}

/** Put the situation back, strike at one call, and look at what became of everything. */
export async function tryPoint(
  place: Place,
  each: CrashCase,
  prepared: Prepared,
  point: Point,
  blow: Blow,
): Promise<Trial> {
  const problems: string[] = []
  reset(place, each, prepared.tree)
  const struck = await strike(place, each, point, blow)
  const last = struck.calls.find(({ happened }) => happened !== 'done')
  const isKill = blow.startsWith('kill')
  if (last === undefined) return { problems: [], isStruck: false }
  if (!isKill) problems.push(...judgeFailure(place, each, struck, last, point, blow))
  problems.push(...judgeContent(place, prepared, 'right after it', each.isRamGone === true))
  if (isKill && point.isAsBefore && blow === 'kill-before') {
    await place.endHolders()
    return { problems, isStruck: true }
  }
  place.letTimePass()
  const next = await place.devshm(...each.next)
  if (next.status !== 0) problems.push(`the next command fails: ${next.stderr}`)
  else if (each.isAnswerSame === true && next.stdout !== prepared.answer)
    problems.push(`the next command prints ${next.stdout}`)
  problems.push(...judgeContent(place, prepared, 'after the next command', false))
  if (judgeNames(place, each, prepared, isKill).some((problem) => problem.includes(' cache/'))) {
    // What a build did not come to finish goes with the first one after a day, or on demand.
    place.letTimePass()
    await place.devshm('template', 'prune')
  }
  problems.push(...judgeNames(place, each, prepared, isKill))
  await place.endHolders()
  // What comes out is one of few states; each of them is recovered a second time once.
  const state = stateOf(place)
  if (problems.length > 0 || !prepared.settled.has(state)) problems.push(...(await judgeSecond(place, each)))
  if (problems.length === 0) prepared.settled.add(state)
  return { problems, isStruck: true }
}

async function strike(
  place: Place,
  each: CrashCase,
  { key, number }: Point,
  blow: Blow,
): Promise<Outcome & { calls: readonly Call[] }> {
  await using _app = each.isOpen === true ? await place.openApp() : undefined
  const what: Pick<Target, 'blow' | 'errno'> =
    blow === 'kill-before' || blow === 'kill-after' ? { blow } : { blow: 'fail', errno: constants.errno[blow] }
  return await place.record(each.command, { key, number, ...what })
}

/** An error is told in one clear line, or does no harm. */
function judgeFailure(place: Place, each: CrashCase, outcome: Outcome, call: Call, point: Point, blow: Blow): string[] {
  const { status, stderr } = outcome
  const problems: string[] = []
  if (/^\s+at .*[:(]/m.test(stderr) || stderr.includes('unexpected')) problems.push(`a stack, or a bug: ${stderr}`)
  // What devshm runs for the user speaks for itself; of a step in a set-up devshm says that it has failed.
  if (!['node', 'cat'].includes(call.program)) {
    const isToldOf = status === 1 && stderr.includes('the step of the set-up `sqlite3 -bail')
    const isFine = each.command.includes('--') || isToldOf || (status === 0 && isHarmless(each, point, blow))
    return isFine ? problems : [...problems, `the step that failed is not named: ${stderr}`]
  }
  if (status === 0) {
    if (!isHarmless(each, point, blow)) problems.push(`${blow} is passed over: ${stderr}`)
  } else if (status !== 1) {
    problems.push(`exit status ${status}: ${stderr}`)
  } else if (
    ![call.path, dirname(call.path), call.to, place.origin].some((path) => path !== undefined && stderr.includes(path))
  ) {
    problems.push(`no file is named: ${stderr}`)
  }
  return problems
}

function judgeContent(
  place: Place,
  { before, after, snapshots, kept }: Prepared,
  when: string,
  mayDangle: boolean,
): string[] {
  const content = contentOf(place.origin)
  const problems: string[] = []
  if (content !== before && content !== after && !(mayDangle && content === 'dangling')) {
    problems.push(`${when} the path holds ${content}, before it was ${before}, done it is ${after}`)
  }
  if (content === 'dangling' && !mayDangle) problems.push(`${when} the path leads nowhere`)
  const known = new Set<Content>([before, after, ...snapshots.values(), ...kept])
  const now = snapshotsIn(place)
  for (const [name, held] of now) {
    if (!known.has(held)) problems.push(`${when} the snapshot ${name} holds ${held}`)
  }
  for (const [name, held] of snapshots) {
    const isOwn = !name.startsWith('@')
    if (isOwn && now.get(name) !== held) problems.push(`${when} the snapshot ${name} is ${now.get(name) ?? 'gone'}`)
  }
  return problems
}

/** Nothing temporary is left, but for what SQLite itself leaves of a program that is killed until somebody writes again. */
function judgeNames(place: Place, each: CrashCase, { names }: Prepared, isKill: boolean): string[] {
  const allowed = [each.mayLeave, isKill ? undefined : each.mayLeaveIfFailed]
  const leftOver = (): string[] =>
    [...place.describe({ inodes: false }).keys()].filter(
      (name) => !names.has(withPlaceholders(name)) && !allowed.some((one) => one?.test(name) === true),
    )
  let now = leftOver()
  if (now.length > 0 && now.every((name) => /(^project\/db|\/live)\.sqlite3-(journal|wal|shm)$/.test(name))) {
    runSql(place.origin, 'pragma user_version = 0')
    now = leftOver()
  }
  return [
    ...(now.length === 0 ? [] : [`left over: ${now.join(', ')}`]),
    ...(isOverwritingPending(place) ? ['the history still says that an overwriting is pending'] : []),
  ]
}

function isOverwritingPending({ roots }: Place): boolean {
  const path = join(roots.project, '.devshm/db.sqlite3/history.json')
  return existsSync(path) && 'pending' in (JSON.parse(readFileSync(path, 'utf8')) as object)
}

/** All names, and all content but that of records, which say when, and which process. */
function stateOf(place: Place): string {
  const files = [...place.describe({ inodes: false })].map(([name, what]) => {
    return `${withPlaceholders(name)} ${/\.json$|\.log$|\/detached$/.test(name) ? 'record' : withPlaceholders(what)}`
  })
  return files.toSorted().join('\n')
}

/** A second recovery finds nothing to do. */
async function judgeSecond(place: Place, each: CrashCase): Promise<string[]> {
  const before = place.describe({ inodes: true })
  const { status, stderr } = await place.devshm(...each.next)
  const after = place.describe({ inodes: true })
  const all = new Set([...before.keys(), ...after.keys()])
  const changed = [...all].filter((name) => before.get(name) !== after.get(name) && each.rewrites?.test(name) !== true)
  return [
    ...(status === 0 ? [] : [`the second time the next command fails: ${stderr}`]),
    ...(changed.length === 0 ? [] : [`a second recovery changes ${changed.join(', ')}`]),
  ]
}
