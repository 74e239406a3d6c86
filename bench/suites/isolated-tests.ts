import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createTestDatabases, type TestDatabases } from '../../src/testing/index.ts'
import { createPlace, type Place } from '../support/place.ts'
import { workload } from '../support/programs.ts'
import { bars, spread, times, type Goal, type Report } from '../support/report.ts'
import { dividedBy, measureInRounds, median, type Contender } from '../support/rounds.ts'
import { migrate, writeMigrations } from '../support/sql-migrations.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'isolated-tests'

const TESTS_A_FILE = 30

interface Way {
  readonly name: string
  /** Whether a test sees nothing of another one, and may do all that it can do to a database of its own. */
  readonly isolates: 'fully' | 'not within a file' | 'no transactions of its own, one connection'
  readonly isOurs?: boolean
  /** All tests, one after the other. */
  run(): Promise<void> | void
}

/** A suite of tests, each of which writes the same primary key, in the ways that people give them a database. */
export async function run(bench: Bench): Promise<Report> {
  const [tests, migrations] = bench.isQuick ? [60, 40] : [300, 200]
  using place = createPlace()
  writeMigrations(join(place.cwd, 'migrations'), migrations)
  const setup = [
    { run: `'${process.execPath}' '${workload('migrate-sql.script.ts')}' "$DB"`, inputs: ['migrations/*'] },
  ]
  const databases = { main: { path: 'db.sqlite3' } }
  writeFileSync(join(place.cwd, 'devshm.config.json'), JSON.stringify({ databases, env: { DB: '{path}' }, setup }))
  const open = (): Promise<TestDatabases> => createTestDatabases({ cwd: place.cwd, env: place.env })
  await (await open())[Symbol.asyncDispose]()
  const ways = [...byHand(place, tests), ...ours(open, tests)]
  const contenders = ways.map((way): Contender => {
    return {
      name: way.name,
      measure: async () => {
        const started = performance.now()
        await way.run()
        return { ms: performance.now() - started }
      },
    }
  })
  const results = await measureInRounds(contenders, Math.min(bench.runs, 5))
  const of = (way: Way): readonly number[] => results.of(way.name, 'ms')
  const fastest = (isOurs: boolean): Way =>
    ways
      .filter((way) => way.isolates === 'fully' && (way.isOurs === true) === isOurs)
      .toSorted((a, b) => median(of(a)) - median(of(b)))[0] ?? fail()
  const [best, rival] = [fastest(true), fastest(false)]
  const ratio = dividedBy(of(best), of(rival))
  const goal: Goal = {
    what: `the fastest that isolates fully: ${best.name}, to ${rival.name}`,
    wanted: 'at most 1',
    found: times(ratio),
    isMet: median(ratio) <= 1,
  }
  return {
    title: `${tests} tests over ${migrations} migrations`,
    about: [
      `${tests / TESTS_A_FILE} files of ${TESTS_A_FILE} tests, one after the other in one process, files in RAM. Each test connects, writes the same\n` +
        'primary key, and reads it. What is timed is all that makes, hands over and removes databases, and the tests; for ours\n' +
        'that includes to find out that the cached template still fits.',
    ],
    tables: [
      {
        head: ['each test gets', 'isolates', 'all tests', `to ${best.name}`],
        rows: ways.map((way) => [way.name, way.isolates, spread(of(way), 'ms'), times(dividedBy(of(way), of(best)))]),
      },
    ],
    plots: [
      bars(
        ways.map((way) => ({ label: way.name, value: median(of(way)) })),
        'ms',
      ),
    ],
    goals: [goal],
  }
}

function byHand({ cwd, ram }: Place, tests: number): Way[] {
  const migrations = join(cwd, 'migrations')
  const path = join(ram, 'test.sqlite3')
  const eachTest = (action: (number: number) => void): void => {
    for (let number = 0; number < tests; number += 1) action(number)
  }
  const migrated = (): string => {
    rmSync(path, { force: true })
    migrate(path, migrations)
    return path
  }
  return [
    {
      name: 'a file, migrated',
      isolates: 'fully',
      run: () => eachTest(() => testOn(migrated())),
    },
    {
      name: 'the file of its test file, migrated',
      isolates: 'not within a file',
      run: () => eachTest((number) => testOn(number % TESTS_A_FILE === 0 ? migrated() : path, number)),
    },
    {
      name: 'a copy by `copyFileSync`',
      isolates: 'fully',
      run: () => {
        const copy = join(ram, 'copy.sqlite3')
        migrated()
        eachTest(() => {
          copyFileSync(path, copy)
          testOn(copy)
          rmSync(copy)
        })
      },
    },
    {
      name: 'a transaction that is rolled back',
      isolates: 'no transactions of its own, one connection',
      run: () => {
        const connection = new DatabaseSync(migrated())
        eachTest(() => {
          connection.exec('begin')
          work(connection)
          connection.exec('rollback')
        })
        connection.close()
      },
    },
  ]
}

function ours(open: () => Promise<TestDatabases>, tests: number): Way[] {
  return [
    {
      name: 'devshm: a clone, a file',
      isolates: 'fully',
      isOurs: true,
      run: async () => {
        await using pool = await open()
        for (let number = 0; number < tests; number += 1) {
          await using db = await pool.clone()
          work(db.connect())
        }
      },
    },
    {
      name: 'devshm: a clone in memory',
      isolates: 'fully',
      isOurs: true,
      run: async () => {
        await using pool = await open()
        for (let number = 0; number < tests; number += 1) {
          await using db = await pool.clone({ memory: true })
          work(db.connect())
        }
      },
    },
  ]
}

function testOn(path: string, id = 1): void {
  const connection = new DatabaseSync(path)
  work(connection, id)
  connection.close()
}

/** The same in each test; where tests share a database they must not. */
function work(connection: DatabaseSync, id = 1): void {
  connection.prepare('insert into thing_0 (id, name) values (?, ?)').run(1000 + id, `made by a test ${id}`)
  const { count } = connection.prepare('select count(*) as count from thing_0 where id >= 1000').get() ?? {}
  if (typeof count !== 'number' || count < 1) throw new Error('the test did not find what it wrote')
}

function fail(): never {
  throw new Error('nothing isolates fully')
}
