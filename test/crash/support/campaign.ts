import type { CrashCase } from './crash-case.ts'
import { prepare, reset, type Prepared } from './prepared.ts'
import type { Place } from './place.ts'
import { pointsOf, tryPoint, type Blow, type Point } from './try-point.ts'
import { createWitness } from './truth.ts'

export const ERRORS = ['ENOSPC', 'EIO', 'EACCES', 'EROFS'] as const

/** What is done at which of a case's points. */
export interface Plan {
  /** Of all points of the case; the last one is killed after its call, too, if it is among them. */
  kills(points: readonly Point[]): readonly Point[]
  errors(points: readonly Point[]): readonly { readonly point: Point; readonly error: Blow }[]
}

export interface CaseReport {
  readonly name: string
  /** Calls that change files, in an undisturbed run. */
  readonly points: number
  readonly kills: number
  readonly errors: number
  /** In words; none if all is well. */
  readonly failures: readonly string[]
}

/** Every call is killed at, and fails: with one error each, in turn, or with all. */
export function everything(all: boolean): Plan {
  return {
    kills: (points) => points,
    errors: (points) =>
      points.flatMap((point, index) =>
        all ? ERRORS.map((error) => ({ point, error })) : [{ point, error: ERRORS[index % ERRORS.length] ?? 'EIO' }],
      ),
  }
}

/**
 * Try one case. It fails if strace saw a call that was not recorded, if a call that was to be struck was not made, or if
 * anything was wrong afterwards.
 */
async function tryCase(place: Place, each: CrashCase, plan: Plan): Promise<CaseReport> {
  const prepared = await prepare(place, each)
  const points = pointsOf(prepared.calls)
  const failures = await callWitness(place, each, prepared)
  const strike = async (point: Point, blow: Blow): Promise<void> => {
    const { problems, isStruck } = await tryPoint(place, each, prepared, point, blow)
    const where = `${each.name}: ${blow} at ${point.key} (${point.number})`
    if (!isStruck) failures.push(`${where}: the call was not made`)
    failures.push(...problems.map((problem) => `${where}: ${problem}`))
  }
  const kills = plan.kills(points)
  for (const point of kills) await strike(point, 'kill-before')
  const last = points.at(-1)
  const isLast = last !== undefined && kills.includes(last)
  if (isLast) await strike(last, 'kill-after')
  const errors = plan.errors(points)
  for (const { point, error } of errors) await strike(point, error)
  reset(place, each)
  return {
    name: each.name,
    points: points.length,
    kills: kills.length + (isLast ? 1 : 0),
    errors: errors.length,
    failures,
  }
}

/** Run it once more, under strace. */
async function callWitness(place: Place, each: CrashCase, { tree }: Prepared): Promise<string[]> {
  reset(place, each, tree)
  using witness = createWitness(place.roots)
  await using _app = each.isOpen === true ? await place.openApp() : undefined
  const { status, stderr, calls } = await place.record(each.command, undefined, witness.wrapper)
  await place.endHolders()
  if (status !== 0) return [`${each.name}: fails under strace: ${stderr}`]
  return witness.missedIn(calls).map((missed) => `${each.name}: strace saw what was not recorded: ${missed}`)
}

/** Try cases in two places at a time. */
export async function tryCases(
  cases: readonly CrashCase[],
  places: readonly Place[],
  planOf: (each: CrashCase) => Plan,
  onReport: (report: CaseReport) => void = () => undefined,
): Promise<CaseReport[]> {
  const left = [...cases]
  const reports: CaseReport[] = []
  const work = async (place: Place): Promise<void> => {
    for (let each = left.shift(); each !== undefined; each = left.shift()) {
      const report = await tryCase(place, each, planOf(each))
      reports.push(report)
      onReport(report)
    }
  }
  await Promise.all(places.map(work))
  return cases.flatMap(({ name }) => reports.filter((report) => report.name === name))
}
