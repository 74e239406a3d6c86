import { join } from 'node:path'
import { copyFresh, makeDatabase, type Place } from './place.ts'
import { isInstalled, PYTHON, run, workload, type CommandLine } from './programs.ts'
import type { Contender, Results } from './rounds.ts'
import { dividedBy } from './rounds.ts'
import { spread, times, type Table } from './report.ts'
import { withSlowFsync } from './slow-disk.ts'
import type { Bench } from './suite.ts'

export const DISK = 'on disk'
const SLOW_DISK = 'on disk, fsync 8 ms slower'
export const HAND = 'by hand: a file in /dev/shm'
export const AS_IS = 'devshm run'
export const WAL = 'devshm run --journal wal'

const SLOWER_BY_MS = 8

/** The slow disk takes this many times longer, so it is given as many times less to do. */
const LESS_ON_THE_SLOW_DISK = 50

interface Options {
  /** The script in Python; it takes a path and a count, and prints the microseconds that each one took. */
  readonly script: string
  readonly count: number
  readonly withMemory: boolean
}

/** Everything that a database can be written to with, each with its own fresh copy of one small database. */
export async function writers(
  { devshm }: Pick<Bench, 'devshm'>,
  place: Place,
  { script, count, withMemory }: Options,
): Promise<Contender[]> {
  const template = join(place.ram, 'template')
  await makeDatabase(place, template, 0.2)
  const inRam = join(place.ram, 'by-hand.sqlite3')
  const work = (path: string, times = count): CommandLine => [PYTHON, workload(script), path, String(times)]
  const contender = (name: string, path: string, command: CommandLine, journal?: 'wal'): Contender => ({
    name,
    measure: async () => {
      if (path !== ':memory:') copyFresh(template, path)
      if (journal === 'wal') await run([PYTHON, workload('make-wal.py'), path], place)
      const { ms, stdout } = await run(command, place)
      return { ...(JSON.parse(stdout) as { microseconds: number }), ms }
    },
  })
  const { origin } = place
  const slowly = withSlowFsync(SLOWER_BY_MS, work(origin, Math.ceil(count / LESS_ON_THE_SLOW_DISK)))
  return [
    contender(DISK, origin, work(origin)),
    ...(isInstalled('strace') ? [contender(SLOW_DISK, origin, slowly)] : []),
    contender('on disk, WAL', origin, work(origin), 'wal'),
    ...(isInstalled('eatmydata') ? [contender('on disk, libeatmydata', origin, ['eatmydata', ...work(origin)])] : []),
    contender(HAND, inRam, work(inRam)),
    contender('by hand, WAL', inRam, work(inRam), 'wal'),
    contender(AS_IS, origin, [...devshm, 'run', '--', ...work(origin)]),
    contender(WAL, origin, [...devshm, 'run', '--journal', 'wal', '--', ...work(origin)]),
    ...(withMemory ? [contender(':memory:, gone at the end', ':memory:', work(':memory:'))] : []),
  ]
}

/** A line for each contender: one unit of work, and how many times faster that is than on disk. */
export function writersTable(contenders: readonly Contender[], results: Results, unit: string): Table {
  const names = contenders.map(({ name }) => name)
  const slow = names.includes(SLOW_DISK)
  const rows = names.map((name) => {
    const own = results.of(name, 'microseconds')
    const fasterThan = (other: string): string => times(dividedBy(results.of(other, 'microseconds'), own))
    const whole = name === SLOW_DISK ? '' : spread(results.of(name, 'ms'), 'ms')
    return [name, spread(own, 'µs'), fasterThan(DISK), ...(slow ? [fasterThan(SLOW_DISK)] : []), whole]
  })
  const head = ['', unit, 'faster than disk', ...(slow ? ['than the slow disk'] : []), 'the whole command']
  return { head, rows }
}

/** How many times faster one contender was than another, round by round. */
export function faster(results: Results, one: string, other: string): number[] {
  return dividedBy(results.of(other, 'microseconds'), results.of(one, 'microseconds'))
}
