import { join } from 'node:path'
import {
  byHand,
  contendersOf,
  CREATE,
  DISK,
  HIT,
  isOurs,
  KINDS,
  MEMORY,
  MISS,
  nameOf,
  OURS_SLOWLY,
  ownOnSlowDisk,
  SITE,
  SLOWLY_ON_DISK,
  TEST,
  WHOLE,
  type Kind,
} from '../support/django-runs.ts'
import { createPlace } from '../support/place.ts'
import type { Row } from '../support/plots/plot.ts'
import { PYTHON, run as runProgram, workload, type CommandLine } from '../support/programs.ts'
import { settingsByEnvironment } from '../support/projects.ts'
import { atLeast, atMost, spread, times, type Report, type Table } from '../support/report.ts'
import { Results } from '../support/rounds.ts'
import { SLOW_DISK } from '../support/slow-disk.ts'
import { dividedBy } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'django-tests'

const LABELS: Readonly<Record<string, string>> = {
  [MEMORY]: "in memory, Django's default",
  [HIT]: '`devshm test`, a hit',
  [MISS]: '`devshm test`, a miss',
}

/** Tests of a Django project with 60 models and 60 migrations, with and without `devshm test`. */
export async function run(bench: Bench): Promise<Report> {
  const { isQuick } = bench
  const size = isQuick ? ['12', '0', '12', '20'] : ['60', '0', '60', '20']
  const project: CommandLine = [PYTHON, workload('make-django-project.py'), '.', ...size]
  const large: CommandLine = isQuick ? project : [PYTHON, workload('make-django-site.py'), '.']
  const none = new Results(new Map())
  const small = (await bench.attempt('the project', () => measure(bench, KINDS, project))) ?? none
  const site = (await bench.attempt('the site', () => measure(bench, [SITE], large))) ?? none
  return {
    title: 'Tests of a Django project',
    about: [
      `${size[2]} models, ${size[0]} migrations, 20 tests. Whole processes, but for the first line, which is measured inside of one. A\n` +
        'miss is a run of which no template is cached; it makes one. To start devshm takes some 50 ms of either, which only a\n' +
        'short suite feels: the site has the measures of a real one, 118 models of 56 apps and 207 migrations. `--keepdb`\n' +
        'runs no migration, like a hit, but keeps what tests left behind, and does not see that an applied migration was edited.',
    ],
    tables: [
      {
        head: ['', 'without', 'a hit', 'ratio', 'a miss', 'to without'],
        rows: [...KINDS.map((kind) => rowOf(kind, small)), rowOf(SITE, site)],
      },
      alternatives(WHOLE, small),
      alternatives(SITE, site),
    ],
    plots: [
      {
        kind: 'dots',
        file: 'django-tests.svg',
        title: 'manage.py test of a site: 207 migrations, 20 tests',
        unit: 'ms',
        rows: alternativesOf(SITE, site).map(({ way, values }): Row => {
          return { label: LABELS[way] ?? way, values, isOurs: isOurs(way) }
        }),
      },
    ],
    goals: [...KINDS.map((kind) => [kind, small] as const), [SITE, site] as const].flatMap(([kind, of]) => [
      atLeast(`${kind.title}: without, to a hit`, kind.goal, ratioOf(kind, MEMORY, HIT, of)),
      ...(kind === CREATE ? [] : [atMost(`${kind.title}: a miss, to without`, 1.05, ratioOf(kind, MISS, MEMORY, of))]),
    ]),
  }
}

async function measure(bench: Bench, kinds: readonly Kind[], make: CommandLine): Promise<Results> {
  using place = createPlace()
  const cache = join(place.ram, 'cache')
  Object.assign(place.env, { DEVSHM_CACHE: cache })
  await runProgram(make, place)
  // Before the first template: its key is of all settings there are.
  const settings = settingsByEnvironment({ django: 'site_settings' }, place)
  await runProgram([...bench.devshm, 'test', '--', ...TEST], place)
  return await bench.measure(
    kinds.flatMap((kind) => [
      ...contendersOf(kind, place, cache, bench.devshm),
      ...(kind === WHOLE || kind === SITE ? byHand(kind, place, settings) : []),
      ...(kind === WHOLE || kind === SITE ? [ownOnSlowDisk(kind, place, bench.devshm)] : []),
    ]),
  )
}

const WAYS = [
  MEMORY,
  DISK,
  `${DISK}, synchronous=off`,
  `${DISK}, libeatmydata`,
  'TEST NAME in /dev/shm',
  `${DISK}, --keepdb`,
  HIT,
  MISS,
  SLOWLY_ON_DISK,
  `${DISK}, --keepdb, ${SLOW_DISK}`,
  OURS_SLOWLY,
]

function alternativesOf(kind: Kind, results: Results): { readonly way: string; readonly values: readonly number[] }[] {
  return WAYS.map((way) => ({ way, values: results.of(nameOf(kind, way), 'ms') })).filter(
    ({ values }) => values.length > 0,
  )
}

function alternatives(kind: Kind, results: Results): Table {
  const hit = results.of(nameOf(kind, HIT), 'ms')
  return {
    head: [kind.title, 'time', 'to a hit'],
    rows: alternativesOf(kind, results).map(({ way, values }) => {
      return [LABELS[way] ?? way, spread(values, 'ms'), times(dividedBy(values, hit))]
    }),
  }
}

function rowOf(kind: Kind, results: Results): string[] {
  const of = (way: string): number[] => results.of(nameOf(kind, way), 'ms')
  return [
    kind.title,
    spread(of(MEMORY), 'ms'),
    spread(of(HIT), 'ms'),
    times(ratioOf(kind, MEMORY, HIT, results)),
    spread(of(MISS), 'ms'),
    times(ratioOf(kind, MISS, MEMORY, results)),
  ]
}

function ratioOf(kind: Kind, over: string, under: string, results: Results): number[] {
  return dividedBy(results.of(nameOf(kind, over), 'ms'), results.of(nameOf(kind, under), 'ms'))
}
