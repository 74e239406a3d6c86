import { join } from 'node:path'
import { copyFresh, makeDatabase, type Place } from './place.ts'
import type { Row } from './plots/plot.ts'
import { PYTHON, run, workload, type CommandLine } from './programs.ts'
import type { Contender, Results } from './rounds.ts'
import { spread, times, type Table } from './report.ts'
import { onSlowDisk, SLOW_DISK, withSlowFsync, SLOWER_BY_MS } from './slow-disk.ts'
import { dividedBy, median } from './statistics.ts'
import type { Bench } from './suite.ts'

export const DISK = 'on disk'
export const HAND = 'by hand: a file in /dev/shm'
export const AS_IS = 'devshm run'
export const WAL = 'devshm run --journal wal'

/** What waits for the slow disk at each commit takes so much longer that it is given as many times less to do. */
const LESS_ON_THE_SLOW_DISK = 50

/** For the suites of these writers. */
export const SLOW_DISK_NOTE: string =
  'On the slow disk each fsync takes 8 ms longer, on disk only; `strace` injects it, and itself costs some milliseconds a\n' +
  'process. With devshm no commit waits for the disk, so only its whole command differs: attach, save and detach sync. The\n' +
  'whole of what was given fewer commits there is left out.'

interface Options {
  /** The script in Python; it takes a path, a count and `off`, and prints the microseconds that each one took. */
  readonly script: string
  readonly count: number
  readonly withMemory: boolean
}

interface Writer extends Contender {
  readonly isOnSlowDisk?: boolean
  /** Its commits never wait for the disk; or it was given less to do than the others, and its whole time says nothing. */
  readonly shows?: 'only the whole' | 'only commits'
  readonly isOurs?: boolean
}

/** Everything that a database can be written to with, each with its own fresh copy of one small database. */
export async function writers(
  { devshm }: Pick<Bench, 'devshm'>,
  place: Place,
  { script, count, withMemory }: Options,
): Promise<Writer[]> {
  const { origin } = place
  const template = join(place.ram, 'template')
  await makeDatabase(place, template, 0.2)
  const inRam = join(place.ram, 'by-hand.sqlite3')
  const work = (path: string, ...more: string[]): CommandLine => [
    PYTHON,
    workload(script),
    path,
    String(count),
    ...more,
  ]
  const few = [PYTHON, workload(script), origin, String(Math.ceil(count / LESS_ON_THE_SLOW_DISK))] as const
  const writer = (
    name: string,
    path: string,
    command: () => Promise<CommandLine> | CommandLine,
    more: More,
  ): Writer => {
    let line: CommandLine | undefined
    return {
      name,
      measure: async () => {
        if (path !== ':memory:') copyFresh(template, path)
        if (more.journal === 'wal') await run([PYTHON, workload('make-wal.py'), path], place)
        line ??= await command()
        const { ms, stdout } = await run(line, place)
        return { ...(JSON.parse(stdout) as { microseconds: number }), ms }
      },
      ...more,
    }
  }
  const ours = (...args: string[]): CommandLine => [...devshm, 'run', ...args, '--']
  const slow = { isOnSlowDisk: true, needs: ['strace'] }
  // Synced in RAM costs nothing, but would be looked at by strace each time.
  const ownSlow = (...args: string[]) => onSlowDisk(place, [...ours(...args), ...work(origin, 'off')])
  const wholeOnly = { ...slow, shows: 'only the whole', isOurs: true } as const
  const fewOnly = { ...slow, shows: 'only commits' } as const
  return [
    writer(DISK, origin, () => work(origin), {}),
    writer('on disk, WAL', origin, () => work(origin), { journal: 'wal' }),
    writer('on disk, synchronous=off', origin, () => work(origin, 'off'), {}),
    writer('on disk, libeatmydata', origin, () => ['eatmydata', ...work(origin)], { needs: ['eatmydata'] }),
    writer(HAND, inRam, () => work(inRam), {}),
    writer('by hand, WAL', inRam, () => work(inRam), { journal: 'wal' }),
    writer(AS_IS, origin, () => [...ours(), ...work(origin)], { isOurs: true }),
    writer(WAL, origin, () => [...ours('--journal', 'wal'), ...work(origin)], { isOurs: true }),
    ...(withMemory ? [writer(':memory:, gone at the end', ':memory:', () => work(':memory:'), {})] : []),
    writer(slowly(DISK), origin, () => withSlowFsync(SLOWER_BY_MS, few), fewOnly),
    writer(slowly('on disk, WAL'), origin, () => withSlowFsync(SLOWER_BY_MS, few), { ...fewOnly, journal: 'wal' }),
    writer(slowly('on disk, synchronous=off'), origin, () => withSlowFsync(SLOWER_BY_MS, work(origin, 'off')), slow),
    writer(slowly('on disk, libeatmydata'), origin, () => withSlowFsync(SLOWER_BY_MS, ['eatmydata', ...work(origin)]), {
      ...slow,
      needs: ['strace', 'eatmydata'],
    }),
    writer(slowly(AS_IS), origin, () => ownSlow(), wholeOnly),
    writer(slowly(WAL), origin, () => ownSlow('--journal', 'wal'), wholeOnly),
  ]
}

type More = Pick<Writer, 'needs' | 'isOnSlowDisk' | 'shows' | 'isOurs'> & { readonly journal?: 'wal' }

function slowly(name: string): string {
  return `${name}, ${SLOW_DISK}`
}

/** A line for each contender: one unit of work, and how many times faster that is than on the same disk; a table a disk. */
export function writersTables(contenders: readonly Writer[], results: Results, unit: string): Table[] {
  const table = (title: string, isSlow: boolean): Table => ({
    head: [title, unit, 'faster than that disk', 'the whole command'],
    rows: contenders
      .filter(({ isOnSlowDisk = false }) => isOnSlowDisk === isSlow)
      .map(({ name, shows }) => {
        const own = results.of(name, 'microseconds')
        const onDisk = results.of(isSlow ? slowly(DISK) : DISK, 'microseconds')
        const commits =
          shows === 'only the whole' ? ['as above', ''] : [spread(own, 'µs'), times(dividedBy(onDisk, own))]
        return [name, ...commits, shows === 'only commits' ? '' : spread(results.of(name, 'ms'), 'ms')]
      }),
  })
  return [table('as the disk is', false), table(SLOW_DISK, true)]
}

/** What the app feels. */
export function writersRows(contenders: readonly Writer[], results: Results): Row[] {
  return contenders
    .filter(({ shows }) => shows !== 'only the whole')
    .map(({ name, isOurs = false }) => ({ label: name, values: results.of(name, 'microseconds'), isOurs }))
    .toSorted((a, b) => middle(b) - middle(a))
}

function middle({ values }: Row): number {
  return values.length === 0 ? 0 : median(values)
}

/** How many times faster one contender was than another, round by round. */
export function faster(results: Results, one: string, other: string): number[] {
  return dividedBy(results.of(other, 'microseconds'), results.of(one, 'microseconds'))
}
