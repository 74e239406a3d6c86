import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createPlace, makeDatabase, type Place } from '../support/place.ts'
import { PYTHON, run as runProgram, startInBackground, workload, type CommandLine } from '../support/programs.ts'
import { atMost, goalOn, spread, times, type Goal, type Report } from '../support/report.ts'
import type { Results, Sample } from '../support/rounds.ts'
import { dividedBy, medianIfAny } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'snapshots'

const MOST_MEGABYTES = 200
const TO_CP = 4

/** A large database kept and put back, on disk and in RAM, beside `cp` of the same file. */
export async function run(bench: Bench): Promise<Report> {
  const size = bench.isQuick ? 50 : 1000
  const measure = async (isAttached: boolean): Promise<Results> => {
    using place = createPlace()
    await makeDatabase(place, place.origin, size)
    if (isAttached) await runProgram([...bench.devshm, 'attach', '--save-every', 'off'], place)
    try {
      return await bench.measure([{ name: 'cycle', measure: () => cycle(bench, place) }])
    } finally {
      if (isAttached) await runProgram([...bench.devshm, 'detach'], place)
    }
  }
  const cases = [
    { where: 'on disk', results: await measure(false) },
    { where: 'in RAM', results: await measure(true) },
  ]
  return {
    title: `Snapshot and restore of ${size.toLocaleString('en')} MB`,
    about: [
      'Whole processes, the first from the published bundle. A snapshot is copied, checked, synced and named. A restore first\n' +
        'keeps what the database holds. If nobody has it open, another file then takes its place, which on disk makes the\n' +
        'old one the snapshot; else it is overwritten in one transaction, with a journal of its old content. `cp` keeps,\n' +
        'checks and syncs nothing of the old.',
    ],
    tables: cases.map(({ where, results }) => ({
      head: [where, 'time', 'to cp and sync', 'most memory at once'],
      rows: [
        ['cp to disk and sync', spread(results.of('cycle', 'cp'), 'ms'), '', ''],
        row(results, '`devshm snapshot`', 'snapshot'),
        row(results, '`devshm restore`', 'restore'),
        row(results, '`devshm restore`, open in an app', 'restore in use'),
      ],
    })),
    goals: cases.flatMap(({ where, results }) => [
      ...['snapshot', 'restore'].map((what) => {
        const ratio = dividedBy(results.of('cycle', what), results.of('cycle', 'cp'))
        return atMost(`${what} ${where}, to cp and sync`, TO_CP, ratio)
      }),
      memoryGoal(where, results),
    ]),
  }
}

function row(results: Results, label: string, what: string): string[] {
  const values = results.of('cycle', what)
  const memory = spread(results.of('cycle', `${what} memory`), 'MB')
  return [label, spread(values, 'ms'), times(dividedBy(values, results.of('cycle', 'cp'))), memory]
}

function memoryGoal(where: string, results: Results): Goal {
  const medians = ['snapshot', 'restore'].map((what) => medianIfAny(results.of('cycle', `${what} memory`)))
  const measured = medians.filter((megabytes) => megabytes !== undefined)
  const most = measured.length === 0 ? undefined : Math.max(...measured)
  return goalOn(`memory ${where}`, `under ${MOST_MEGABYTES} MB`, most, {
    found: (megabytes) => `${Math.round(megabytes)} MB`,
    isMet: (megabytes) => megabytes < MOST_MEGABYTES,
  })
}

/** Kept, changed, put back; `cp` right before. */
async function cycle({ devshm }: Bench, place: Place): Promise<Sample> {
  const { origin, cwd } = place
  const copy = join(cwd, 'copy')
  const cp = (await runProgram(['sh', '-c', 'cp "$1" "$2" && sync "$2"', 'sh', origin, copy], place)).ms
  rmSync(copy)
  const timed = async (...args: string[]): Promise<{ ms: number; megabytes: number }> => {
    const command: CommandLine = [PYTHON, workload('peak-memory.py'), ...devshm, ...args]
    const { ms, stdout } = await runProgram(command, place)
    return { ms, ...(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { megabytes: number }) }
  }
  const snapshot = await timed('snapshot', 'kept')
  await runProgram([PYTHON, workload('change-a-row.py'), origin], place)
  const restore = await timed('restore', 'kept')
  await runProgram([PYTHON, workload('change-a-row.py'), origin], place)
  const restoreInUse = await whileOpen(origin, () => timed('restore', 'kept'))
  const listed = await runProgram([...devshm, 'snapshots', '--json'], place)
  for (const [, kept = ''] of listed.stdout.matchAll(/"name":\s*"(kept|@before-restore-\d+)"/g)) {
    await runProgram([...devshm, 'snapshots', 'rm', kept], place)
  }
  return {
    cp,
    snapshot: snapshot.ms,
    'snapshot memory': snapshot.megabytes,
    restore: restore.ms,
    'restore memory': restore.megabytes,
    'restore in use': restoreInUse.ms,
    'restore in use memory': restoreInUse.megabytes,
  }
}

async function whileOpen<T>(path: string, action: () => Promise<T>): Promise<T> {
  await using _app = await startInBackground([PYTHON, workload('hold-database.py'), path])
  return await action()
}
