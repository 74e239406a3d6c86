import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createPlace, type Place } from '../support/place.ts'
import { PYTHON, run as runProgram, workload, type CommandLine } from '../support/programs.ts'
import { atLeast, atMost, spread, times, type Report } from '../support/report.ts'
import { dividedBy, measureInRounds, type Contender, type Results } from '../support/rounds.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'django-tests'

interface Kind {
  readonly title: string
  readonly command: CommandLine
  /** What the command prints, where not all of its time is meant. */
  readonly isPrinted?: boolean
  readonly goal: number
}

const TEST: CommandLine = [PYTHON, 'manage.py', 'test']
const CREATE: Kind = {
  title: '`create_test_db` alone',
  command: [PYTHON, workload('time-create-test-db.py')],
  isPrinted: true,
  goal: 10,
}
const WHOLE: Kind = { title: '`manage.py test`', command: TEST, goal: 1.8 }
const PARALLEL: Kind = { title: '`manage.py test --parallel 2`', command: [...TEST, '--parallel', '2'], goal: 1.8 }
const KINDS = [CREATE, WHOLE, PARALLEL]
const SITE: Kind = { title: '`manage.py test` of a site', command: TEST, goal: 1.8 }

/** Tests of a Django project with 60 models and 60 migrations, with and without `devshm test`. */
export async function run(bench: Bench): Promise<Report> {
  const { runs, isQuick, devshm } = bench
  using place = createPlace()
  const cache = join(place.ram, 'cache')
  Object.assign(place.env, { DEVSHM_CACHE: cache })
  const size = isQuick ? ['12', '0', '12', '20'] : ['60', '0', '60', '20']
  await runProgram([PYTHON, workload('make-django-project.py'), '.', ...size], place)
  await runProgram([...devshm, 'test', '--', ...TEST], place)
  const results = await measureInRounds(
    KINDS.flatMap((kind) => contendersOf(kind, place, cache, devshm)),
    runs,
  )
  const rows = KINDS.map((kind) => rowOf(kind, results))
  const site = await measureSite({ devshm, runs: Math.min(3, runs) })
  return {
    title: 'Tests of a Django project',
    about: [
      `${size[2]} models, ${size[0]} migrations, 20 tests. Whole processes, but for the first line, which is measured inside of one. A\n` +
        'miss is a run of which no template is cached; it makes one. To start devshm takes some 50 ms of either, which only a\n' +
        'short suite feels: the site has the measures of a real one, 118 models of 56 apps and 207 migrations.',
    ],
    tables: [{ head: ['', 'without', 'a hit', 'ratio', 'a miss', 'to without'], rows: [...rows, rowOf(SITE, site)] }],
    goals: [...KINDS.map((kind) => [kind, results] as const), [SITE, site] as const].flatMap(([kind, of]) => [
      atLeast(`${kind.title}: without, to a hit`, kind.goal, ratioOf(kind, 'without', 'hit', of)),
      ...(kind === CREATE
        ? []
        : [atMost(`${kind.title}: a miss, to without`, 1.05, ratioOf(kind, 'miss', 'without', of))]),
    ]),
  }
}

async function measureSite({ runs, devshm }: Pick<Bench, 'runs' | 'devshm'>): Promise<Results> {
  using place = createPlace()
  const cache = join(place.ram, 'cache')
  Object.assign(place.env, { DEVSHM_CACHE: cache })
  await runProgram([PYTHON, workload('make-django-site.py'), '.'], place)
  await runProgram([...devshm, 'test', '--', ...TEST], place)
  return await measureInRounds(contendersOf(SITE, place, cache, devshm), runs)
}

function contendersOf(
  { title, command, isPrinted }: Kind,
  place: Place,
  cache: string,
  devshm: CommandLine,
): Contender[] {
  const measure = async (line: CommandLine): Promise<{ ms: number }> => {
    const { ms, stdout } = await runProgram(line, place)
    return { ms: isPrinted === true ? Number(stdout) : ms }
  }
  const ours: CommandLine = [...devshm, 'test', '--', ...command]
  return [
    { name: `${title} without`, measure: () => measure(command) },
    { name: `${title} hit`, measure: () => measure(ours) },
    {
      name: `${title} miss`,
      measure: async () => {
        rmSync(join(cache, 'tests'), { recursive: true, force: true })
        return await measure(ours)
      },
    },
  ]
}

function rowOf(kind: Kind, results: Results): string[] {
  const of = (way: string): number[] => results.of(`${kind.title} ${way}`, 'ms')
  return [
    kind.title,
    spread(of('without'), 'ms'),
    spread(of('hit'), 'ms'),
    times(ratioOf(kind, 'without', 'hit', results)),
    spread(of('miss'), 'ms'),
    times(ratioOf(kind, 'miss', 'without', results)),
  ]
}

function ratioOf({ title }: Kind, over: string, under: string, results: Results): number[] {
  return dividedBy(results.of(`${title} ${over}`, 'ms'), results.of(`${title} ${under}`, 'ms'))
}
