import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPlace, type Place } from '../support/place.ts'
import { run as runProgram, workload, type CommandLine } from '../support/programs.ts'
import { atMost, spread, times, type Goal, type Report } from '../support/report.ts'
import type { Contender, Results } from '../support/rounds.ts'
import { onSlowDisk, SLOW_DISK, SLOWER_BY_MS, withSlowFsync } from '../support/slow-disk.ts'
import { writeMigrations } from '../support/sql-migrations.ts'
import { dividedBy, median } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'isolated-tests'

const TESTS_A_FILE = 30
const FULLY = 'fully'

interface Way extends Contender {
  /** Whether a test sees nothing of another one, and may do all that it can do to a database of its own. */
  readonly isolates: typeof FULLY | 'not within a file' | 'no transactions of its own, one connection'
  readonly isOurs?: boolean
  readonly isOnSlowDisk?: boolean
}

interface Sizes {
  readonly tests: number
  readonly migrations: number
}

/** A suite of tests, each of which writes the same primary key, in the ways that people give them a database. */
export async function run(bench: Bench): Promise<Report> {
  const sizes = bench.isQuick ? { tests: 60, migrations: 40 } : { tests: 300, migrations: 200 }
  const { tests, migrations } = sizes
  using place = createPlace()
  writeMigrations(join(place.cwd, 'migrations'), migrations)
  const setup = [
    { run: `'${process.execPath}' '${workload('migrate-sql.script.ts')}' "$DB"`, inputs: ['migrations/*'] },
  ]
  const databases = { main: { path: 'db.sqlite3' } }
  writeFileSync(join(place.cwd, 'devshm.config.json'), JSON.stringify({ databases, env: { DB: '{path}' }, setup }))
  await runProgram(command('memory', place.ram, tests, 1), place)
  const ways = waysOf(place, sizes)
  const results = await bench.measure(ways)
  const of = (way: Way): readonly number[] => results.of(way.name, 'ms')
  const best = fastest(ways, results, true)
  return {
    title: `${tests} tests over ${migrations} migrations`,
    about: [
      `${tests / TESTS_A_FILE} files of ${TESTS_A_FILE} tests, one after the other in a process that has just started. Each test connects, writes\n` +
        'the same primary key, and reads it. What is timed is all that makes, hands over and removes databases, and the tests;\n' +
        'for ours that includes to find out that the cached template still fits. What takes long is run for some of the tests\n' +
        'and scaled, what is done once counted once.',
    ],
    tables: [
      {
        head: ['each test gets', 'isolates', 'all tests', `to ${best.name}`],
        rows: ways.map((way) => [way.name, way.isolates, spread(of(way), 'ms'), times(dividedBy(of(way), of(best)))]),
      },
    ],
    plots: [
      {
        kind: 'dots',
        file: 'isolated-tests.svg',
        title: `${tests} tests over ${migrations} migrations, by what each test gets`,
        unit: 'ms',
        rows: ways.map((way) => ({ label: way.name, values: of(way), isOurs: way.isOurs === true })),
      },
    ],
    goals: [goal(best, fastest(ways, results, false), results)],
  }
}

function goal(best: Way, rival: Way, results: Results): Goal {
  const ratio = dividedBy(results.of(best.name, 'ms'), results.of(rival.name, 'ms'))
  return atMost(`the fastest that isolates fully: ${best.name}, to ${rival.name}`, 1, ratio)
}

function fastest(ways: readonly Way[], results: Results, isOurs: boolean): Way {
  const candidates = ways
    .filter((way) => way.isolates === FULLY && way.isOnSlowDisk !== true && (way.isOurs === true) === isOurs)
    .map((way) => ({ way, values: results.of(way.name, 'ms') }))
    .filter(({ values }) => values.length > 0)
  const [first] = candidates.toSorted((a, b) => median(a.values) - median(b.values))
  if (first === undefined) throw new Error('nothing that isolates fully was measured')
  return first.way
}

function waysOf(place: Place, { tests, migrations }: Sizes): Way[] {
  const { ram } = place
  const disk = join(place.cwd, 'test-databases')
  mkdirSync(disk)
  // A migrated database takes many commits: some tests are enough, and one on the slow disk.
  const some = Math.ceil(tests / 60)
  const few = Math.ceil(tests / 10)
  const way = (name: string, line: CommandLine | (() => Promise<CommandLine>), more: Partial<Way> = {}): Way => {
    let known = typeof line === 'function' ? undefined : line
    return {
      name,
      isolates: FULLY,
      measure: async () => {
        known ??= await (typeof line === 'function' ? line() : line)
        return JSON.parse((await runProgram(known, place)).stdout) as { ms: number }
      },
      ...more,
    }
  }
  const slow = { isOnSlowDisk: true, isLong: true, needs: ['strace'] } as const
  const slowly = (line: CommandLine): CommandLine => withSlowFsync(SLOWER_BY_MS, line)
  const ofDevshm = (kind: string): CommandLine => command(kind, ram, tests, tests)
  return [
    way('a file on disk, migrated', command('migrated', disk, tests, some)),
    way('a file on disk, migrated, synchronous=off', command('migrated', disk, tests, some, 'off')),
    way('a file on disk, migrated, libeatmydata', ['eatmydata', ...command('migrated', disk, tests, some)], {
      needs: ['eatmydata'],
    }),
    way('a file in RAM, migrated', command('migrated', ram, tests, some)),
    way('the file of its test file, migrated, in RAM', command('a-file-each', ram, tests, tests), {
      isolates: 'not within a file',
    }),
    way('a copy by copyFileSync on disk', command('copied', disk, tests, tests)),
    way('a copy by copyFileSync in RAM', command('copied', ram, tests, tests)),
    way('branchly: a clone on disk', command('branchly', disk, tests, tests)),
    way('a transaction that is rolled back, in RAM', command('rolled-back', ram, tests, tests), {
      isolates: 'no transactions of its own, one connection',
    }),
    way('devshm: a clone, a file', ofDevshm('clone'), { isOurs: true }),
    way('devshm: a clone in memory', ofDevshm('memory'), { isOurs: true }),
    way(`a file migrated, ${SLOW_DISK}`, slowly(command('migrated', disk, tests, migrations > 100 ? 1 : 2)), slow),
    way(`a copy by copyFileSync, ${SLOW_DISK}`, slowly(command('copied', disk, tests, few)), slow),
    way(`branchly: a clone, ${SLOW_DISK}`, slowly(command('branchly', disk, tests, few)), slow),
    way(`devshm: a clone, a file, ${SLOW_DISK}`, () => onSlowDisk(place, ofDevshm('clone')), { ...slow, isOurs: true }),
    way(`devshm: a clone in memory, ${SLOW_DISK}`, () => onSlowDisk(place, ofDevshm('memory')), {
      ...slow,
      isOurs: true,
    }),
  ]
}

function command(way: string, folder: string, tests: number, done: number, ...more: string[]): CommandLine {
  const script = workload('isolated-tests.script.ts')
  return [process.execPath, script, way, folder, String(tests), String(done), ...more]
}
