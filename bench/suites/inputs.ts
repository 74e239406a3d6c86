import { COLD, decidingContenders, GIT, NODE, WARM } from '../support/input-files.ts'
import { createPlace } from '../support/place.ts'
import { atMost, goalOn, spread, times, type Goal, type Report, type Table } from '../support/report.ts'
import type { Results } from '../support/rounds.ts'
import { dividedBy, medianIfAny } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'inputs'

const SIZES = [
  { count: 1_000, limitMs: 25 },
  { count: 10_000, limitMs: 150 },
]

/** Deciding whether the set-up of a project must run again: the same files, unchanged. */
export async function run(bench: Bench): Promise<Report> {
  const tables: Table[] = []
  const goals: Goal[] = []
  for (const { count, limitMs } of SIZES) {
    using place = createPlace()
    const results = await bench.measure(await decidingContenders(place, count))
    const inputs = `${count.toLocaleString('en')} inputs`
    const warm = results.of(WARM, 'ms')
    tables.push(table(inputs, results))
    goals.push(
      goalOn(`${inputs}: to see that nothing changed`, `under ${limitMs} ms`, medianIfAny(warm), {
        found: () => spread(warm, 'ms'),
        isMet: (ms) => ms < limitMs,
      }),
      atMost(`${inputs}: to hashing all again`, 1, dividedBy(warm, results.of(COLD, 'ms'))),
    )
  }
  return {
    title: 'Seeing that nothing changed',
    about: [
      'A project with so many migrations, ten a folder, is searched for inputs, which are matched with patterns and hashed, in\n' +
        'a process that has just started. `git` does about the same for its index.',
    ],
    tables,
    goals,
  }
}

function table(title: string, results: Results): Table {
  const rows = [NODE, GIT, COLD, WARM].map((name) => [name, results.of(name, 'ms')] as const)
  const cold = results.of(COLD, 'ms')
  return {
    head: [title, 'time', 'to hashing all again'],
    rows: rows.map(([name, values]) => [name, spread(values, 'ms'), times(dividedBy(values, cold))]),
  }
}
