import { setTimeout as sleep } from 'node:timers/promises'
import { copyFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createPlace, makeDatabase, type Place } from '../support/place.ts'
import { isInstalled, PYTHON, run as runProgram, startInBackground, workload } from '../support/programs.ts'
import { spread, type Goal, type Report } from '../support/report.ts'
import { measureInRounds, median, type Contender, type Results, type Sample } from '../support/rounds.ts'
import { withSlowFsync } from '../support/slow-disk.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'save-under-writer'

const NOTHING = 'nothing is saved'
const AS_IS = '`devshm save`'
const WAL = '`devshm save`, attached with `--journal wal`'
const BY_HAND = 'one `backup()` straight to disk'

const DISK_MEGABYTES_A_SECOND = 20
/** SQLite's own in Python, and Django's. */
const WRITERS_PATIENCE_MS = 5000

/** What an app that writes all the time feels of a save to a slow disk. */
export async function run(bench: Bench): Promise<Report> {
  const size = bench.isQuick ? 20 : 100
  const slowerByMs = (size / DISK_MEGABYTES_A_SECOND) * 1000
  if (!isInstalled('strace')) throw new Error('strace is needed for a slow disk; install it')
  using place = createPlace()
  const template = join(place.ram, 'template')
  await makeDatabase(place, template, size)
  const contenders = [
    { name: NOTHING, measure: () => feelNothing(place, template, slowerByMs) },
    { name: AS_IS, measure: () => feelSave(bench, place, template, slowerByMs, 'keep') },
    { name: WAL, measure: () => feelSave(bench, place, template, slowerByMs, 'wal') },
    { name: BY_HAND, measure: () => feelBackup(place, template, slowerByMs) },
  ] satisfies Contender[]
  const results = await measureInRounds(contenders, bench.runs)
  return {
    title: `A save of ${size} MB to a slow disk, under a writer`,
    about: [
      `A process commits a row every 2 ms. The save's fsync takes ${slowerByMs / 1000} s longer, as on a disk of` +
        ` ${DISK_MEGABYTES_A_SECOND} MB/s; only the\nsaved file is slow, not RAM. A writer that waits longer than` +
        ` ${WRITERS_PATIENCE_MS / 1000} s fails with "database is locked".`,
    ],
    tables: [
      {
        head: ['meanwhile', 'the longest commit', 'a usual commit', 'failed commits', 'the save takes'],
        rows: contenders.map(({ name }) => [
          name,
          spread(results.of(name, 'longest'), 'ms'),
          spread(results.of(name, 'median'), 'ms'),
          String(Math.max(...results.of(name, 'failures'))),
          name === NOTHING ? '' : spread(results.of(name, 'ms'), 'ms'),
        ]),
      },
    ],
    goals: [AS_IS, WAL].map((name) => noTimeouts(results, name)),
  }
}

function noTimeouts(results: Results, name: string): Goal {
  const failures = Math.max(...results.of(name, 'failures'))
  const longest = median(results.of(name, 'longest'))
  return {
    what: `${name}: no write times out`,
    wanted: '0 failed commits',
    found: `${failures}, the longest took ${Math.round(longest)} ms`,
    isMet: failures === 0,
  }
}

async function feelNothing(place: Place, template: string, ms: number): Promise<Sample> {
  const path = join(place.ram, 'by-hand.sqlite3')
  copyFileSync(template, path)
  return await underWriter(path, async () => {
    await sleep(ms)
    return { ms }
  })
}

async function feelSave(
  { devshm }: Bench,
  place: Place,
  template: string,
  slowerByMs: number,
  journal: 'keep' | 'wal',
): Promise<Sample> {
  const { origin } = place
  copyFileSync(template, origin)
  await runProgram([...devshm, 'attach', '--save-every', 'off', '--journal', journal], place)
  const written = join(place.cwd, '.devshm', basename(origin), 'work/save.sqlite3')
  const save = withSlowFsync(slowerByMs, [...devshm, 'save'], [written])
  const sample = await underWriter(origin, () => runProgram(save, place))
  await runProgram([...devshm, 'detach'], place)
  return sample
}

async function feelBackup(place: Place, template: string, slowerByMs: number): Promise<Sample> {
  const path = join(place.ram, 'by-hand.sqlite3')
  const saved = join(place.cwd, 'saved-by-hand')
  copyFileSync(template, path)
  rmSync(saved, { force: true })
  const backup = withSlowFsync(slowerByMs, [PYTHON, workload('backup-in-one-go.py'), path, saved], [saved])
  return await underWriter(path, () => runProgram(backup, place))
}

async function underWriter(path: string, save: () => Promise<{ ms: number }>): Promise<Sample> {
  await using writer = await startInBackground([PYTHON, workload('write-steadily.py'), path])
  const { ms } = await save()
  const felt = JSON.parse(await writer.finish()) as { median: number; longest: number; failures: number }
  return { ...felt, ms }
}
