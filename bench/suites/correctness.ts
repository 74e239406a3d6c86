import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { copiers, type Copier } from '../support/copiers.ts'
import { Acknowledged, judge, makeInvariantDatabase, type Verdict } from '../support/invariant.ts'
import { createPlace, type Place } from '../support/place.ts'
import { reasonOf } from '../support/reason.ts'
import { PYTHON, run as runProgram, startInBackground, workload } from '../support/programs.ts'
import { goalOn, type Goal, type Report, type Table } from '../support/report.ts'
import type { Contender, Results, Sample } from '../support/rounds.ts'
import { median, round } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'correctness'

const JOURNALS = ['delete', 'wal'] as const
type Journal = (typeof JOURNALS)[number]

/** What cannot end is not waited for a thousand times: no more is tried when refusals have taken so long. */
const PATIENCE_MS = 20_000

/** How many copies of a database that is being written to are what they are taken for. */
export async function run(bench: Bench): Promise<Report> {
  using place = createPlace()
  const copies = bench.isQuick ? 20 : 1000
  const ways = copiers(place)
  const refusals = new Map<string, string>()
  const results = await bench.measure(
    JOURNALS.flatMap((journal) => ways.map((way) => contender(bench, place, way, journal, copies, refusals))),
    1,
  )
  return {
    title: `${copies.toLocaleString('en')} copies under a writer: torn or stale`,
    about: [
      'A process commits about every millisecond: 40 rows, each in a page of its own, and a counter all get the number of the\n' +
        'transaction. The database has 800 KB and is in RAM, as are the copies; saves and snapshots are on disk. **Torn** is a\n' +
        'copy that SQLite cannot read, that `integrity_check` finds damaged, or that holds a part of a transaction. **Stale** is one\n' +
        'that lacks what was acknowledged before it was begun. **Refused**: it was said that there is no copy. All once, in one\n' +
        'process, without rounds: these are counts.',
    ],
    tables: JOURNALS.map((journal) => tableOf(journal, ways, results)),
    goals: JOURNALS.flatMap((journal) =>
      ways.filter(({ isOurs }) => isOurs).map((way) => goalOf(nameOf(way, journal), copies, results)),
    ),
    remarks: [...refusals].map(([way, why]) => `The first that ${way}, refused: ${why}.`),
  }
}

function nameOf({ name }: Copier, journal: Journal): string {
  return `${name}, ${journal.toUpperCase()}`
}

function contender(
  bench: Bench,
  place: Place,
  way: Copier,
  journal: Journal,
  copies: number,
  refusals: Map<string, string>,
): Contender {
  return {
    name: nameOf(way, journal),
    isLong: true,
    ...(way.needs !== undefined && { needs: way.needs }),
    measure: async () => {
      const { refusal, sample } = await (way.isOurs === true
        ? attached(bench, way, journal, copies)
        : inRam(place, way, journal, copies))
      if (refusal !== undefined) refusals.set(nameOf(way, journal), refusal)
      return sample
    },
  }
}

interface Counts {
  readonly sample: Sample
  /** Why there was no copy, the first time. */
  readonly refusal: string | undefined
}

async function inRam(place: Place, way: Copier, journal: Journal, copies: number): Promise<Counts> {
  const from = join(place.ram, 'written.sqlite')
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${from}${suffix}`, { force: true })
  makeInvariantDatabase(from, journal)
  return await underWriter(place, way, from, copies)
}

async function attached({ devshm }: Bench, way: Copier, journal: Journal, copies: number): Promise<Counts> {
  using place = createPlace()
  makeInvariantDatabase(place.origin, journal)
  await runProgram([...devshm, 'attach', '--save-every', 'off'], place)
  try {
    return await underWriter(place, way, place.origin, copies)
  } finally {
    await runProgram([...devshm, 'detach'], place)
  }
}

async function underWriter({ ram }: Place, { copy }: Copier, from: string, copies: number): Promise<Counts> {
  const counter = join(ram, 'acknowledged')
  const to = join(ram, 'copy.sqlite')
  await using _writer = await startInBackground([PYTHON, workload('write-invariant.py'), from, counter])
  using acknowledged = new Acknowledged(counter)
  const counts: Record<Verdict | 'refused', number> = { whole: 0, torn: 0, stale: 0, refused: 0 }
  const times: number[] = []
  let refusal: string | undefined
  let patience = PATIENCE_MS
  const first = acknowledged.read()
  const begun = performance.now()
  for (let done = 0; done < copies && patience > 0; done += 1) {
    const before = acknowledged.read()
    const started = performance.now()
    const reason = await reasonAgainst(() => copy(from, to))
    refusal ??= reason
    const ms = performance.now() - started
    times.push(ms)
    if (reason !== undefined) patience -= ms
    counts[reason === undefined ? judge(to, before) : 'refused'] += 1
  }
  const commits = (Number(acknowledged.read() - first) / (performance.now() - begun)) * 1000
  return { sample: { ...counts, copies: times.length, ms: median(times), commits }, refusal }
}

async function reasonAgainst(action: () => Promise<void> | void): Promise<string | undefined> {
  try {
    await action()
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}

function tableOf(journal: Journal, ways: readonly Copier[], results: Results): Table {
  return {
    head: [
      `journal mode ${journal.toUpperCase()}`,
      'copies',
      'torn',
      'stale',
      'refused',
      'one copy',
      'commits meanwhile',
    ],
    rows: ways.map((way) => {
      const of = (quantity: string): number | undefined => results.of(nameOf(way, journal), quantity)[0]
      const count = (quantity: string): string => of(quantity)?.toLocaleString('en') ?? '–'
      const counted = (quantity: string): string => (of(quantity) === 0 ? '0' : `**${count(quantity)}**`)
      const [ms, commits] = [of('ms'), of('commits')]
      return [
        way.name,
        count('copies'),
        counted('torn'),
        counted('stale'),
        counted('refused'),
        ms === undefined ? '–' : `${round(ms)} ms`,
        commits === undefined ? '–' : `${round(commits)} a second`,
      ]
    }),
  }
}

function goalOf(name: string, copies: number, results: Results): Goal {
  const [bad] = results.of(name, 'torn').map((torn, at) => torn + (results.of(name, 'stale')[at] ?? 0))
  const [refused] = results.of(name, 'refused')
  const what = `${name}: torn or stale of ${copies.toLocaleString('en')}`
  return goalOn(what, '0, and none refused', bad, {
    found: (count) => `${count}, ${refused} refused`,
    isMet: (count) => count === 0 && refused === 0,
  })
}
