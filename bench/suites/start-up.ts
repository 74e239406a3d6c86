import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { BRANCHLY, setUpBranchly } from '../support/branchly.ts'
import { createPlace, makeDatabase, type Place } from '../support/place.ts'
import { isInstalled, PYTHON, run as runProgram, startInBackground, workload } from '../support/programs.ts'
import type { CommandLine } from '../support/programs.ts'
import { atMost, spread, times, type Report } from '../support/report.ts'
import type { Contender, Results } from '../support/rounds.ts'
import { dividedBy } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'start-up'

const NODE = '`node -e 0`'
const VERSION = '`devshm --version`'
const RUN = '`devshm run -- true`'
const SCANS = 'of that, the scans for holders'
const WITHOUT_SCANS = '`devshm run -- true` without them'

const STATUS = '`devshm status`'
/** Branchly has no `--version`. */
const BRANCHLY_STATUS = '`branchly status`'
const OTHERS: readonly CommandLine[] = [
  [PYTHON, '-c', '0'],
  ['git', '--version'],
  ['sqlite3', '-version'],
  ['npm', '--version'],
]

/** As many descriptors as a busy desktop has, in processes of 1,000 each, which needs no raised limit. */
const DESCRIPTORS = 15_000
const PER_PROCESS = 1_000

/** What a command costs that needs no database at all. */
export async function run(bench: Bench): Promise<Report> {
  using place = createPlace()
  using branch = createPlace()
  await makeDatabase(place, place.origin, 1)
  const devshmRun: CommandLine = [...bench.devshm, 'run', '--', 'true']
  await runProgram(devshmRun, place)
  const scans = isInstalled('strace') ? await countScans(place, devshmRun) : 0
  const contenders: Contender[] = [
    wholeProcess(NODE, place, [process.execPath, '-e', '0']),
    wholeProcess(VERSION, place, [...bench.devshm, '--version']),
    wholeProcess(RUN, place, devshmRun),
    { name: SCANS, needs: ['strace'], measure: async () => ({ ms: await timeScans(place, scans) }) },
  ]
  const others: Contender[] = [
    wholeProcess(STATUS, place, [...bench.devshm, 'status']),
    branchlyStatus(branch),
    ...OTHERS.map(([program, ...args]): Contender => {
      return { ...wholeProcess(otherName([program, ...args]), place, [program, ...args]), needs: [program] }
    }),
  ]
  const quiet = await bench.measure([...contenders, ...others])
  const busy = await withDescriptorsOpen(place, () => bench.measure(contenders))
  return {
    title: 'Start-up',
    about: [
      'The whole process, from the published bundle, on a database of 1 MB. `devshm run -- true` attaches, starts the command,\n' +
        'compares, and brings the database back. It looks through the descriptors of all processes for holders of the\n' +
        `database ${scans} times; that depends on what else runs, and is shown apart.`,
    ],
    tables: [
      table('with what runs here anyway', quiet),
      othersTable(quiet),
      table(`with ${DESCRIPTORS.toLocaleString('en')} more descriptors open elsewhere`, busy),
    ],
    goals: [
      atMost(
        '`devshm run -- true` without the scans, to `node -e 0`',
        3,
        dividedBy(withoutScans(quiet), quiet.of(NODE, 'ms')),
      ),
      atMost('`devshm run -- true` as it is, to `node -e 0`', 3, dividedBy(quiet.of(RUN, 'ms'), quiet.of(NODE, 'ms'))),
    ],
  }
}

function table(title: string, results: Results): Report['tables'][number] {
  const node = results.of(NODE, 'ms')
  const rows = [NODE, VERSION, RUN, SCANS].map((name) => [name, results.of(name, 'ms')] as const)
  const all = [...rows, [WITHOUT_SCANS, withoutScans(results)] as const]
  return {
    head: [title, 'time', 'to `node -e 0`'],
    rows: all.map(([name, values]) => [name, spread(values, 'ms'), times(dividedBy(values, node))]),
  }
}

function othersTable(results: Results): Report['tables'][number] {
  const node = results.of(NODE, 'ms')
  const names = [VERSION, STATUS, BRANCHLY_STATUS, ...OTHERS.map(otherName)]
  return {
    head: ['others, for scale', 'time', 'to `node -e 0`'],
    rows: names.map((name) => {
      const values = results.of(name, 'ms')
      return [name, spread(values, 'ms'), times(dividedBy(values, node))]
    }),
  }
}

function otherName(command: CommandLine): string {
  return `\`${[basename(command[0]), ...command.slice(1)].join(' ')}\``
}

function withoutScans(results: Results): number[] {
  const scans = results.of(SCANS, 'ms')
  const whole = results.of(RUN, 'ms')
  return scans.length < whole.length ? [] : whole.map((ms, round) => ms - (scans[round] ?? 0))
}

function wholeProcess(name: string, place: Place, command: CommandLine): Contender {
  return { name, measure: async () => ({ ms: (await runProgram(command, place)).ms }) }
}

function branchlyStatus(place: Place): Contender {
  let isReady = false
  const measure = async (): Promise<{ ms: number }> => {
    if (!isReady) await setUpBranchly(place, { inputs: [], migrate: ['true'] })
    isReady = true
    return { ms: (await runProgram([...BRANCHLY, 'status'], place)).ms }
  }
  return { name: BRANCHLY_STATUS, needs: ['git'], measure }
}

/** In a process that has just started, as they are in devshm. */
async function timeScans(place: Place, scans: number): Promise<number> {
  const { stdout } = await runProgram([process.execPath, workload('time-scans.script.ts'), String(scans)], place)
  return Number(stdout)
}

/** How often devshm goes through `/proc`, seen from outside. */
async function countScans(place: Place, command: CommandLine): Promise<number> {
  const trace = join(place.ram, 'trace')
  await runProgram(['strace', '-f', '-qq', '-e', 'trace=openat', '-o', trace, ...command], place)
  return readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"/proc",')).length
}

async function withDescriptorsOpen<T>(place: Place, action: () => Promise<T>): Promise<T> {
  await using held = new AsyncDisposableStack()
  const folder = join(place.ram, 'held')
  mkdirSync(folder)
  for (let count = 0; count < DESCRIPTORS; count += PER_PROCESS) {
    held.use(await startInBackground([PYTHON, workload('hold-descriptors.py'), String(PER_PROCESS - 10), folder]))
  }
  return await action()
}
