import { copyFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabases, type TestDatabases } from '../../src/testing/index.ts'
import { createPlace, makeDatabase, type Place } from '../support/place.ts'
import { run as runProgram } from '../support/programs.ts'
import { atMost, spread, times, type Report } from '../support/report.ts'
import { dividedBy, measureInRounds, median, type Contender } from '../support/rounds.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'clones'

const COPY = '`fs.copyFileSync` into RAM'
const CLONE = '`pool.clone()`'
const WITH_RELEASE = '`pool.clone()`, with its release'
const MEMORY = '`pool.clone({ memory: true })`, connected'
const CP = '`cp` into RAM'

/** One measurement of what takes less than a millisecond is the median of so many. */
const REPEATS = 200

/** A private copy of a template for one test, against copying a file by hand. */
export async function run({ runs, isQuick }: Bench): Promise<Report> {
  const small = await measure(1, runs, isQuick ? 20 : REPEATS)
  const large = await measure(isQuick ? 10 : 100, Math.min(runs, 5), 1)
  const rows = [...small.rows, ...large.rows]
  const toCopy = dividedBy(small.of(CLONE), small.of(COPY))
  return {
    title: 'Clones for tests',
    about: [
      'One process, round by round in turn. A release closes connections and puts the file on a list; what is on it is looked\n' +
        'for in all processes, and removed, for many at once, which the row with its release includes.',
    ],
    tables: [{ head: ['size', 'what', 'time', `to ${COPY}`], rows }],
    goals: [
      atMost('milliseconds for a clone of 1 MB, a file', 1, small.of(CLONE)),
      atMost(`a clone of 1 MB to ${COPY}`, 2, toCopy),
      atMost('milliseconds for a clone of 1 MB in memory', 1, small.of(MEMORY)),
      atMost(`a clone of ${large.megabytes} MB to ${CP}`, 1.3, dividedBy(large.of(CLONE), large.of(CP))),
    ],
  }
}

interface Measured {
  readonly megabytes: number
  readonly rows: string[][]
  of(contender: string): number[]
}

async function measure(megabytes: number, rounds: number, repeats: number): Promise<Measured> {
  using place = createPlace()
  const env = { ...place.env, DEVSHM_CACHE: join(place.cwd, 'cache') }
  const seed = join(place.cwd, 'seed')
  await makeDatabase(place, seed, megabytes)
  const setup = [{ run: 'cp seed "$APP_DB"', inputs: ['seed'] }]
  const databases = { main: { path: 'db.sqlite3' } }
  writeFileSync(join(place.cwd, 'devshm.config.json'), JSON.stringify({ databases, env: { APP_DB: '{path}' }, setup }))
  await using pool = await createTestDatabases({ cwd: place.cwd, env })
  const template = pool.handle.databases[0]?.template ?? ''
  const results = await measureInRounds(contenders({ pool, place, template, repeats }), rounds)
  const of = (contender: string): number[] => results.of(contender, 'ms')
  const size = `${(statSync(template).size / 1e6).toFixed(1)} MB`
  const rows = [COPY, CLONE, WITH_RELEASE, MEMORY, CP].map((what) => {
    return [size, what, spread(of(what), 'ms'), times(dividedBy(of(what), of(COPY)))]
  })
  return { megabytes, rows, of }
}

interface Surroundings {
  readonly pool: TestDatabases
  readonly place: Place
  readonly template: string
  readonly repeats: number
}

function contenders({ pool, place, template, repeats }: Surroundings): Contender[] {
  const copy = join(place.ram, 'copy.sqlite3')
  const each = (what: string, once: () => Promise<number>): Contender => ({
    name: what,
    measure: async () => {
      const all: number[] = []
      for (let n = 0; n < repeats; n += 1) all.push(await once())
      return { ms: median(all) }
    },
  })
  const timed = async (action: () => unknown): Promise<number> => {
    const started = performance.now()
    await action()
    return performance.now() - started
  }
  return [
    each(COPY, async () => {
      const ms = await timed(() => copyFileSync(template, copy))
      rmSync(copy)
      return ms
    }),
    each(CLONE, async () => {
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
    each(MEMORY, async () => {
      const started = performance.now()
      await using clone = await pool.clone({ memory: true })
      clone.connect()
      return performance.now() - started
    }),
    {
      name: CP,
      measure: async () => {
        const { ms } = await runProgram(['cp', template, copy], place)
        rmSync(copy)
        return { ms }
      },
    },
  ]
}
