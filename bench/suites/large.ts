import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createPlace, makeDatabase, type Place } from '../support/place.ts'
import { PYTHON, run as runProgram, workload } from '../support/programs.ts'
import { eventIn } from '../support/events.ts'
import { atMost, goalOn, spread, times, type Goal, type Report } from '../support/report.ts'
import type { Results, Sample } from '../support/rounds.ts'
import { dividedBy, medianIfAny } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'large'

const CYCLE = 'cycle'
/** Memory is called flat if the larger database takes no more than this much more, in megabytes. */
const FLAT_WITHIN_MB = 20

/** A database of 100 MB into RAM and to disk, beside `cp` of the same file; and the memory that devshm itself takes. */
export async function run(bench: Bench): Promise<Report> {
  using place = createPlace()
  const [size, smaller, larger] = bench.isQuick ? ([20, 5, 50] as const) : ([100, 10, 500] as const)
  await makeDatabase(place, place.origin, size)
  const results = await bench.measure([{ name: CYCLE, measure: () => cycle(bench, place) }], bench.runs)
  const memory = await bench.measure(
    [smaller, larger].map((megabytes) => ({ name: String(megabytes), measure: () => peakMemory(bench, megabytes) })),
  )
  const ratio = (one: string, other: string): number[] => dividedBy(results.of(CYCLE, one), results.of(CYCLE, other))
  return {
    title: `A database of ${size} MB`,
    about: [
      'devshm is timed twice: by what it reports itself (`--json`), and as a whole process, which includes the start of\n' +
        'Node, for `attach` of two: the command and its holder. The save follows a change of one row, and is of everything.',
    ],
    tables: [
      {
        head: ['', 'time', 'to cp'],
        rows: [
          line(results, 'cp into RAM', 'cpIn'),
          line(results, 'attach, as reported', 'attached', 'cpIn'),
          line(results, '`devshm attach`, whole process', 'attach', 'cpIn'),
          line(results, 'cp to disk and fsync', 'cpOut'),
          line(results, 'save, as reported', 'saved', 'cpOut'),
          line(results, '`devshm save`, whole process', 'save', 'cpOut'),
          line(results, '`devshm detach` after it, whole process', 'detach', 'cpOut'),
        ],
      },
      {
        head: ['`devshm run`, attach to detach', 'most memory at once'],
        rows: [smaller, larger].map((megabytes) => [
          `${megabytes} MB`,
          spread(memory.of(String(megabytes), 'megabytes'), 'MB'),
        ]),
      },
    ],
    goals: [
      atMost('attach, to cp into RAM', 2, ratio('attached', 'cpIn')),
      atMost('save, to cp and fsync', 4, ratio('saved', 'cpOut')),
      memoryGoal(memory, smaller, larger),
    ],
  }
}

function line(results: Results, label: string, quantity: string, comparedTo?: string): string[] {
  const values = results.of(CYCLE, quantity)
  return [
    label,
    spread(values, 'ms'),
    comparedTo === undefined ? '' : times(dividedBy(values, results.of(CYCLE, comparedTo))),
  ]
}

/** In, changed, out; each `cp` right before devshm does the same. */
async function cycle({ devshm }: Bench, place: Place): Promise<Sample> {
  const { origin, ram } = place
  const inRam = join(ram, 'copy')
  const onDisk = join(place.cwd, 'copy')
  const cpIn = (await runProgram(['cp', origin, inRam], place)).ms
  rmSync(inRam)
  const attach = await runProgram([...devshm, 'attach', '--save-every', 'off', '--json'], place)
  await runProgram([PYTHON, workload('change-a-row.py'), origin], place)
  const cpOut = (await runProgram(['sh', '-c', 'cp "$1" "$2" && sync "$2"', 'sh', origin, onDisk], place)).ms
  rmSync(onDisk)
  const save = await runProgram([...devshm, 'save', '--json'], place)
  const detach = await runProgram([...devshm, 'detach', '--json'], place)
  return {
    cpIn,
    attach: attach.ms,
    attached: eventIn(attach.stderr, 'attached').ms,
    cpOut,
    save: save.ms,
    saved: eventIn(save.stderr, 'saved').ms,
    detach: detach.ms,
  }
}

/** Of the whole command and what it starts, while a row is changed so that there is something to save. */
async function peakMemory({ devshm }: Bench, megabytes: number): Promise<Sample> {
  using place = createPlace()
  await makeDatabase(place, place.origin, megabytes)
  const change = [PYTHON, workload('change-a-row.py'), place.origin]
  const { stdout } = await runProgram([PYTHON, workload('peak-memory.py'), ...devshm, 'run', '--', ...change], place)
  return JSON.parse(stdout) as { megabytes: number }
}

function memoryGoal(memory: Results, smaller: number, larger: number): Goal {
  const [more, less] = [larger, smaller].map((size) => medianIfAny(memory.of(String(size), 'megabytes')))
  const difference = more === undefined || less === undefined ? undefined : more - less
  const what = `memory, ${larger} MB beside ${smaller} MB`
  return goalOn(what, `at most ${FLAT_WITHIN_MB} MB more`, difference, {
    found: (megabytes) => `${Math.round(megabytes)} MB more`,
    isMet: (megabytes) => megabytes <= FLAT_WITHIN_MB,
  })
}
