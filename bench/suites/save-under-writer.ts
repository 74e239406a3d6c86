import { setTimeout as sleep } from 'node:timers/promises'
import { copyFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createPlace, makeDatabase, type Place } from '../support/place.ts'
import { PYTHON, run as runProgram, startInBackground, workload, type CommandLine } from '../support/programs.ts'
import { goalOn, spread, type Goal, type Report } from '../support/report.ts'
import type { Contender, Results, Sample } from '../support/rounds.ts'
import { medianIfAny, round } from '../support/statistics.ts'
import { withSlowFsync } from '../support/slow-disk.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'save-under-writer'

const NOTHING = 'nothing is saved'
const AS_IS = '`devshm save`'
const WAL = '`devshm save`, attached with `--journal wal`'
const BY_HAND = 'one `backup()` straight to disk'
const SHELL = '`sqlite3 .backup` straight to disk'
const VACUUM = '`VACUUM INTO` straight to disk'
const CP = '`cp` and `sync`, a copy that may be torn'

const SQLITE3: CommandLine = ['sqlite3', '-cmd', '.timeout 5000']
const PATIENCE_S = 15

const DISK_MEGABYTES_A_SECOND = 20
/** SQLite's own in Python, and Django's. */
const WRITERS_PATIENCE_MS = 5000

/** What an app that writes all the time feels of a save to a slow disk. */
export async function run(bench: Bench): Promise<Report> {
  const size = bench.isQuick ? 20 : 100
  const slowerByMs = (size / DISK_MEGABYTES_A_SECOND) * 1000
  using place = createPlace()
  const template = join(place.ram, 'template')
  await makeDatabase(place, template, size)
  const slow = { place, template, slowerByMs }
  const contenders: Contender[] = [
    { name: NOTHING, measure: () => feelNothing(slow) },
    { name: AS_IS, needs: ['strace'], measure: () => feelSave(bench, slow, 'keep') },
    { name: WAL, needs: ['strace'], measure: () => feelSave(bench, slow, 'wal') },
    byHand(BY_HAND, slow, (from, to) => [PYTHON, workload('backup-in-one-go.py'), from, to]),
    byHand(SHELL, slow, (from, to) => [...SQLITE3, from, `.backup '${to}'`], { needs: ['sqlite3'], isLong: true }),
    byHand(VACUUM, slow, (from, to) => [...SQLITE3, from, `vacuum into '${to}'`], { needs: ['sqlite3'] }),
    byHand(CP, slow, (from, to) => ['sh', '-c', 'cp "$1" "$2" && sync "$2"', 'sh', from, to]),
  ]
  const results = await bench.measure(contenders)
  return {
    title: `A save of ${size} MB to a slow disk, under a writer`,
    about: [
      `A process commits a row every 2 ms. The save's fsync takes ${slowerByMs / 1000} s longer, as on a disk of` +
        ` ${DISK_MEGABYTES_A_SECOND} MB/s; only the\nsaved file is slow, not RAM. A writer that waits longer than` +
        ` ${WRITERS_PATIENCE_MS / 1000} s fails with "database is locked".`,
      `\`sqlite3 .backup\` copies in steps, and begins anew when somebody commits in between; it is given ${PATIENCE_S} s.`,
    ],
    tables: [
      {
        head: ['meanwhile', 'the longest commit', 'a usual commit', 'failed commits', 'the save takes'],
        rows: contenders.map(({ name }) => [
          name,
          spread(results.of(name, 'longest'), 'ms'),
          spread(results.of(name, 'median'), 'ms'),
          failures(results, name),
          name === NOTHING ? '' : taken(results, name),
        ]),
      },
    ],
    goals: [AS_IS, WAL].map((name) => noTimeouts(results, name)),
  }
}

function taken(results: Results, name: string): string {
  const refused = results.of(name, 'refused')
  const none = refused.filter((each) => each > 0).length
  const time = spread(results.of(name, 'ms'), 'ms')
  return none === 0 ? time : `**no copy** in ${none} of ${refused.length} rounds, after ${time}`
}

function failures(results: Results, name: string): string {
  const all = results.of(name, 'failures')
  return all.length === 0 ? '–' : String(Math.max(...all))
}

function noTimeouts(results: Results, name: string): Goal {
  const longest = medianIfAny(results.of(name, 'longest')) ?? 0
  const failed = results.of(name, 'failures')
  const most = failed.length === 0 ? undefined : Math.max(...failed)
  return goalOn(`${name}: no write times out`, '0 failed commits', most, {
    found: (failures) => `${failures}, the longest took ${round(longest)} ms`,
    isMet: (failures) => failures === 0,
  })
}

interface SlowDisk {
  readonly place: Place
  readonly template: string
  readonly slowerByMs: number
}

async function feelNothing({ place, template }: SlowDisk): Promise<Sample> {
  const path = join(place.ram, 'by-hand.sqlite3')
  copyFileSync(template, path)
  return await underWriter(path, async () => {
    await sleep(1000)
    return { ms: 1000 }
  })
}

async function feelSave(
  { devshm }: Bench,
  { place, template, slowerByMs }: SlowDisk,
  journal: 'keep' | 'wal',
): Promise<Sample> {
  const { origin } = place
  copyFileSync(template, origin)
  await runProgram([...devshm, 'attach', '--save-every', 'off', '--journal', journal], place)
  const written = join(place.cwd, '.devshm', basename(origin), 'unfinished/save.sqlite3')
  const save = withSlowFsync(slowerByMs, [...devshm, 'save'], [written])
  const sample = await underWriter(origin, () => runProgram(save, place))
  await runProgram([...devshm, 'detach'], place)
  if (sample.ms < slowerByMs) throw new Error(`the disk was not slow: ${written} was not synced`)
  return sample
}

function byHand(
  name: string,
  { place, template, slowerByMs }: SlowDisk,
  command: (from: string, to: string) => CommandLine,
  { needs = [], isLong }: Pick<Contender, 'needs' | 'isLong'> = {},
): Contender {
  const measure = async (): Promise<Sample> => {
    const path = join(place.ram, 'by-hand.sqlite3')
    const saved = join(place.cwd, 'saved-by-hand')
    copyFileSync(template, path)
    rmSync(saved, { force: true })
    const save = withSlowFsync(slowerByMs, command(path, saved), [saved])
    return await underWriter(path, () => timeAnyEnd(save, place))
  }
  return { name, needs: ['strace', ...needs], ...(isLong && { isLong }), measure }
}

/** A copy that is refused, or begun anew at each commit for longer than anybody waits, is a result too. */
async function timeAnyEnd(command: CommandLine, place: Place): Promise<{ ms: number; refused: number }> {
  const started = performance.now()
  try {
    const { ms } = await runProgram(['timeout', String(PATIENCE_S), ...command], place)
    return { ms, refused: 0 }
  } catch {
    return { ms: performance.now() - started, refused: 1 }
  }
}

async function underWriter(
  path: string,
  save: () => Promise<{ ms: number; refused?: number }>,
): Promise<Sample & { readonly ms: number }> {
  await using writer = await startInBackground([PYTHON, workload('write-steadily.py'), path])
  const { ms, refused = 0 } = await save()
  const felt = JSON.parse(await writer.finish()) as { median: number; longest: number; failures: number }
  return { ...felt, ms, refused }
}
