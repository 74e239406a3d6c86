import { lookAt } from '../../fs/look.ts'
import { DevshmError } from '../../errors.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Plan, PlannedLayer } from '../plan.ts'
import type { Guard } from './guard.ts'
import { leadingAway } from './lead.ts'
import { runStep } from './run-step.ts'
import type { Workplace } from './workplace.ts'

export interface StepDone {
  readonly ms: number
  readonly bytes: number
  /** The private databases that exist now, by name. */
  readonly databases: ReadonlyMap<string, string>
}

export interface RunOptions {
  readonly engine: Engine
  readonly guard: Guard | undefined
  readonly signal: AbortSignal
  /** Whether a step that writes nothing has failed. */
  readonly mustWrite: boolean
}

/**
 * Run one step on what the workplace holds.
 *
 * @throws {DevshmError} `STEP_FAILED`: it failed, wrote to a database of the user, or left the private one untouched;
 *   `INTERRUPTED`, `IN_USE` (in place: somebody has the database open)
 */
export async function runOnWorkplace(
  plan: Plan,
  { run }: PlannedLayer,
  place: Workplace,
  { engine, guard, signal, mustWrite }: RunOptions,
): Promise<StepDone> {
  const stampsBefore = stampsOf(plan, place)
  const started = performance.now()
  try {
    await leadingAway(plan, place, (env) => runStep({ run, cwd: plan.root, env, log: place.log, signal }))
  } finally {
    // Also when the step failed: what it did to the user's data is taken back first.
    await guard?.check(run)
  }
  const ms = performance.now() - started
  if (mustWrite && stampsOf(plan, place) === stampsBefore) throw untouched(run, plan)
  const databases = new Map<string, string>()
  let bytes = 0
  for (const { name } of plan.databases) {
    const path = place.pathOf(name)
    const size = Number(lookAt(path)?.size ?? 0n)
    if (size === 0 || (await engine.inspect(path)).kind !== 'database') continue
    databases.set(name, path)
    bytes += size
  }
  if (databases.size === 0) throw untouched(run, plan)
  return { ms, bytes, databases }
}

function stampsOf(plan: Plan, place: Workplace): string {
  return plan.databases
    .flatMap(({ name }) => [place.pathOf(name), `${place.pathOf(name)}-wal`])
    .map((path) => {
      const stats = lookAt(path)
      return stats === undefined ? '-' : [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ')
    })
    .join('\n')
}

function untouched(run: string, { route, databases }: Plan): DevshmError {
  const names = databases.map(({ origin }) => origin).join(', ')
  const hint =
    route.kind === 'variables'
      ? 'check "env" in devshm.config.json: the step must read one of these variables'
      : 'name the variables that lead the step to another database under "env" in devshm.config.json'
  return new DevshmError('STEP_FAILED', `the step \`${run}\` wrote nothing to the private database made for ${names}`, {
    hint: `${hint}. Your own databases are as before`,
    details: { run },
  })
}
