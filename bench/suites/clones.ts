import { copyFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import createBranchlyDatasource from '@branchly/datasource-sqlite'
import { createTestDatabases, type TestDatabases } from '../../src/testing/index.ts'
import { createPlace, makeDatabase, type Place } from '../support/place.ts'
import type { Curve } from '../support/plots/plot.ts'
import { run as runProgram } from '../support/programs.ts'
import { atMost, spread, times, type Report } from '../support/report.ts'
import type { Contender, Results } from '../support/rounds.ts'
import { dividedBy, median } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'clones'

const COPY = '`fs.copyFileSync`'
const CP = '`cp`'
const BACKUP = '`backup()`'
const VACUUM = '`VACUUM INTO`'
const BRANCHLY = "branchly's `clone()`"
const CLONE = '`pool.clone()`'
const WITH_RELEASE = '`pool.clone()`, with its release'
const MEMORY = '`pool.clone({ memory: true })`, connected'
const OURS: readonly string[] = [CLONE, WITH_RELEASE, MEMORY]
const ALL = [CP, COPY, BACKUP, VACUUM, BRANCHLY, ...OURS]

/** One measurement of what takes so little is the median of many. */
const SIZES = [
  { megabytes: 1, repeats: 100 },
  { megabytes: 10, repeats: 10 },
  { megabytes: 100, repeats: 1 },
  { megabytes: 1000, repeats: 1 },
]

/** More would only show how much memory there is. */
const MOST_IN_MEMORY = 100

/** A private copy of a template for one test, against copying a file by hand. */
export async function run(bench: Bench): Promise<Report> {
  const sizes = bench.isQuick ? SIZES.slice(0, 2) : SIZES
  const all: Measured[] = []
  for (const { megabytes, repeats } of sizes) {
    const measured = await bench.attempt(`${megabytes} MB`, () => measure(bench, megabytes, repeats))
    if (measured !== undefined) all.push(measured)
  }
  const of = (megabytes: number, way: string): number[] =>
    all.find((each) => each.megabytes === megabytes)?.of(way) ?? []
  const large = bench.isQuick ? 10 : 100
  return {
    title: 'Clones for tests',
    about: [
      'One process, round by round in turn, all into RAM, in which `cp` is a program of its own. A release closes connections\n' +
        'and puts the file on a list; what is on it is looked for in all processes, and removed, for many at once, which the row\n' +
        "with its release includes. Branchly's adapter is called directly, without its command line; it is `fs.copyFile`.\n" +
        `Nothing above ${MOST_IN_MEMORY} MB is cloned into memory.`,
    ],
    tables: [{ head: ['size', 'what', 'time', `to ${COPY}`], rows: all.flatMap(rowsOf) }],
    plots: [
      {
        kind: 'curves',
        file: 'clones.svg',
        title: 'One clone in RAM',
        unit: 'ms',
        x: 'megabytes',
        curves: ALL.filter((way) => way !== WITH_RELEASE).map((way) => curveOf(way, all)),
      },
    ],
    goals: [
      atMost('milliseconds for a clone of 1 MB, a file', 1, of(1, CLONE)),
      atMost(`a clone of 1 MB to ${COPY}`, 2, dividedBy(of(1, CLONE), of(1, COPY))),
      atMost('milliseconds for a clone of 1 MB in memory', 1, of(1, MEMORY)),
      atMost(`a clone of ${large} MB to ${CP}`, 1.3, dividedBy(of(large, CLONE), of(large, CP))),
    ],
  }
}

interface Measured {
  readonly megabytes: number
  readonly bytes: number
  of(contender: string): number[]
}

function rowsOf({ bytes, of }: Measured): string[][] {
  const size = `${(bytes / 1e6).toFixed(1)} MB`
  return ALL.filter((way) => way !== MEMORY || of(way).length > 0).map((way) => {
    return [size, way, spread(of(way), 'ms'), times(dividedBy(of(way), of(COPY)))]
  })
}

function curveOf(way: string, all: readonly Measured[]): Curve {
  const label = way === MEMORY ? '`pool.clone()` in memory' : way
  return {
    label,
    isOurs: OURS.includes(way),
    points: all.map(({ megabytes, of }) => ({ x: megabytes, values: of(way) })),
  }
}

async function measure(bench: Bench, megabytes: number, repeats: number): Promise<Measured> {
  using place = createPlace()
  const env = { ...place.env, DEVSHM_CACHE: join(place.cwd, 'cache') }
  const seed = join(place.cwd, 'seed')
  await makeDatabase(place, seed, megabytes)
  const setup = [{ run: 'cp seed "$APP_DB"', inputs: ['seed'] }]
  const databases = { main: { path: 'db.sqlite3' } }
  writeFileSync(join(place.cwd, 'devshm.config.json'), JSON.stringify({ databases, env: { APP_DB: '{path}' }, setup }))
  await using pool = await createTestDatabases({ cwd: place.cwd, env })
  const template = pool.handle.databases[0]?.template ?? ''
  const results: Results = await bench.measure([
    ...byHand(place, template, repeats),
    ...ours(pool, repeats).filter((each) => each.name !== MEMORY || megabytes <= MOST_IN_MEMORY),
  ])
  return { megabytes, bytes: statSync(template).size, of: (contender) => results.of(contender, 'ms') }
}

/** The median of some, each into the same file, which is removed after each. */
function repeated(name: string, repeats: number, once: () => Promise<number>): Contender {
  return {
    name,
    measure: async () => {
      const all: number[] = []
      for (let n = 0; n < repeats; n += 1) all.push(await once())
      return { ms: median(all) }
    },
  }
}

async function timed(action: () => unknown): Promise<number> {
  const started = performance.now()
  await action()
  return performance.now() - started
}

function byHand(place: Place, template: string, repeats: number): Contender[] {
  const copy = join(place.ram, 'copy.sqlite3')
  const into = (name: string, action: () => unknown): Contender =>
    repeated(name, repeats, async () => {
      const ms = await timed(action)
      rmSync(copy)
      return ms
    })
  const withSource = async (action: (source: DatabaseSync) => unknown): Promise<void> => {
    const source = new DatabaseSync(template, { readOnly: true })
    try {
      await action(source)
    } finally {
      source.close()
    }
  }
  const datasource = createBranchlyDatasource({ cwd: place.ram, dir: '.' })
  copyFileSync(template, join(place.ram, 'template.sqlite'))
  return [
    // A process for each: a few are enough.
    repeated(CP, Math.min(repeats, 5), async () => {
      const { ms } = await runProgram(['cp', template, copy], place)
      rmSync(copy)
      return ms
    }),
    into(COPY, () => copyFileSync(template, copy)),
    into(BACKUP, () => withSource((source) => backup(source, copy, { rate: 2_147_483_647 }))),
    into(VACUUM, () => withSource((source) => source.exec(`vacuum into '${copy}'`))),
    repeated(BRANCHLY, repeats, async () => {
      const ms = await timed(() => datasource.clone('template', 'copy'))
      await datasource.destroy('copy')
      return ms
    }),
  ]
}

function ours(pool: TestDatabases, repeats: number): Contender[] {
  return [
    repeated(CLONE, repeats, async () => {
      const started = performance.now()
      await using _clone = await pool.clone()
      return performance.now() - started
    }),
    {
      // All of them together: the removal of many comes with one of their releases.
      name: WITH_RELEASE,
      measure: async () => {
        const ms = await timed(async () => {
          for (let n = 0; n < repeats; n += 1) await (await pool.clone())[Symbol.asyncDispose]()
        })
        return { ms: ms / repeats }
      },
    },
    repeated(MEMORY, repeats, async () => {
      const started = performance.now()
      await using clone = await pool.clone({ memory: true })
      clone.connect()
      return performance.now() - started
    }),
  ]
}
