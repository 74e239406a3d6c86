import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startDoomed } from '../../support/doomed.ts'
import { DEVSHM } from '../../support/playground.ts'
import type { SeededRandom } from '../../support/seeded-random.ts'
import { judge } from './judge.ts'
import type { LoadedProject } from './project.ts'

const SHIFT_CLOCK = pathToFileURL(join(import.meta.dirname, 'shift-clock.script.ts')).href
const YEAR_MS = 365 * 86_400_000

/** Longer than any command may take in a crowd: then it hangs, in milliseconds. */
const HANGS_AFTER_MS = 180_000

/** How often each command came to what. */
export type Outcomes = Record<string, Record<string, number>>

export interface Crowd {
  readonly outcomes: Outcomes
  readonly failures: readonly string[]
}

/** Run so many devshm commands at once, one after the other in each place, until the time is over and all have ended. */
export async function runCrowd(
  project: LoadedProject,
  random: SeededRandom,
  { places, seconds }: { places: number; seconds: number },
): Promise<Crowd> {
  const outcomes: Outcomes = {}
  const failures: string[] = []
  const until = performance.now() + seconds * 1000
  const take = async (): Promise<void> => {
    while (performance.now() < until && failures.length === 0) {
      const [name, ...args] = choose(project, random)
      // One in five lives a year ago or in a year.
      const shift = random.pick([0, 0, 0, 0, 0, 0, 0, 0, -YEAR_MS, YEAR_MS])
      const { outcome, failure } = await runOne(project, [name, '--json', ...args], shift)
      const counts = (outcomes[name] ??= {})
      counts[outcome] = (counts[outcome] ?? 0) + 1
      if (failure !== undefined) failures.push(failure)
    }
  }
  await Promise.all(Array.from({ length: places }, take))
  return { outcomes, failures }
}

async function runOne(
  project: LoadedProject,
  command: readonly string[],
  shift: number,
): Promise<{ outcome: string; failure?: string }> {
  const name = command[0] ?? ''
  const env =
    shift === 0
      ? project.env
      : { ...project.env, NODE_OPTIONS: `--import ${SHIFT_CLOCK}`, DEVSHM_TEST_CLOCK_MS: String(shift) }
  const running = startDoomed({ folder: project.folder, env }, [...DEVSHM, ...command])
  const deadline = Promise.withResolvers<'hangs'>()
  const timer = setTimeout(() => deadline.resolve('hangs'), HANGS_AFTER_MS)
  const status = await Promise.race([running.exit, deadline.promise])
  clearTimeout(timer)
  if (status === 'hangs') {
    process.kill(running.pid, 'SIGKILL')
    return { outcome: 'hangs', failure: `${command.join(' ')} hangs:\n${running.errors}` }
  }
  const verdict = judge(name, status, running.errors)
  if (verdict.kind === 'failure') return { outcome: 'failure', failure: verdict.why }
  return { outcome: verdict.kind === 'done' ? 'done' : verdict.code }
}

/** Restore is of what is likely to be there; it says so where it is not. */
function choose(project: LoadedProject, random: SeededRandom): readonly [string, ...string[]] {
  const name = random.pick([
    ...(['run', 'run', 'attach', 'detach', 'detach', 'save', 'save', 'reset', 'reset', 'restore', 'restore'] as const),
    ...(['snapshot', 'snapshot', 'undo', 'status', 'diff', 'clone', 'snapshots'] as const),
  ])
  const any = 1 + Math.floor(random.number() * 10)
  switch (name) {
    case 'run': {
      const seconds = String(0.5 + 3 * random.number())
      return [
        'run',
        '--save-every',
        '1',
        '--',
        ...project.app(random.pick(['keep', 'reopen']), seconds, project.volume),
      ]
    }
    case 'restore':
      return ['restore', random.pick([`snapshot-${any}`, '@before-reset', '@before-restore'])]
    case 'clone':
      return ['clone', '--for', String(process.pid)]
    default:
      return [name]
  }
}
