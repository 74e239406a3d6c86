import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createPlace, type Place } from '../support/place.ts'
import { isInstalled, run as runProgram, workload } from '../support/programs.ts'
import { atMost, spread, times, type Goal, type Report, type Table } from '../support/report.ts'
import { dividedBy, measureInRounds, median, type Contender, type Results } from '../support/rounds.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'inputs'

const NODE = '`node -e 0`, the whole process'
const GIT = '`git ls-files -m`, the whole process'
const WARM = 'devshm: nothing changed'
const COLD = 'devshm: all hashed again'

const PER_FOLDER = 10
const SIZES = [
  { count: 1_000, limitMs: 25 },
  { count: 10_000, limitMs: 150 },
]

/** Deciding whether the set-up of a project must run again: the same files, unchanged. */
export async function run(bench: Bench): Promise<Report> {
  const tables: Table[] = []
  const goals: Goal[] = []
  for (const { count, limitMs } of SIZES) {
    using place = createPlace()
    const results = await measureInRounds(await contenders(place, count), bench.runs)
    const inputs = `${count.toLocaleString('en')} inputs`
    const warm = results.of(WARM, 'ms')
    tables.push(table(inputs, results))
    goals.push(
      {
        what: `${inputs}: to see that nothing changed`,
        wanted: `under ${limitMs} ms`,
        found: spread(warm, 'ms'),
        isMet: median(warm) < limitMs,
      },
      atMost(`${inputs}: to hashing all again`, 1, dividedBy(warm, results.of(COLD, 'ms'))),
    )
  }
  return {
    title: 'Seeing that nothing changed',
    about: [
      'A project with so many migrations, ten a folder, is searched for inputs, which are matched with patterns and hashed, in\n' +
        'a process that has just started. `git` does about the same for its index.',
    ],
    tables,
    goals,
  }
}

function table(title: string, results: Results): Table {
  const rows = [NODE, GIT, COLD, WARM].map((name) => [name, results.of(name, 'ms')] as const)
  const cold = results.of(COLD, 'ms')
  return {
    head: [title, 'time', 'to hashing all again'],
    rows: rows.map(([name, values]) => [name, spread(values, 'ms'), times(dividedBy(values, cold))]),
  }
}

async function contenders(place: Place, count: number): Promise<Contender[]> {
  if (!isInstalled('git')) throw new Error('git is needed to compare with; install it')
  makeProject(place.cwd, count)
  const git = (...args: string[]) => runProgram(['git', '-c', 'core.autocrlf=false', ...args], place)
  await git('init', '--quiet')
  await git('add', '.')
  // What is younger than a tick of the clock is not remembered, neither here nor by git.
  await setTimeout(100)
  await git('status', '--short')
  const cache = join(place.ram, 'cache')
  mkdirSync(cache)
  const decide = async (folder: string): Promise<{ ms: number }> => {
    const script = workload('decide-unchanged.script.ts')
    const { stdout } = await runProgram([process.execPath, script, place.cwd, folder], place)
    const { ms, inputs } = JSON.parse(stdout) as { ms: number; inputs: number }
    if (inputs !== count) throw new Error(`${inputs} inputs were hashed, not ${count}`)
    return { ms }
  }
  return [
    { name: NODE, measure: async () => ({ ms: (await runProgram([process.execPath, '-e', '0'], place)).ms }) },
    { name: GIT, measure: async () => ({ ms: (await git('ls-files', '-m')).ms }) },
    { name: COLD, measure: () => decide(join(place.ram, 'no-cache')) },
    { name: WARM, measure: () => decide(cache) },
  ]
}

/** As large as migrations are: a kilobyte or two. */
function makeProject(root: string, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const folder = join(root, `app_${Math.floor(number / PER_FOLDER)}`, 'migrations')
    if (number % PER_FOLDER === 0) mkdirSync(folder, { recursive: true })
    const name = `${String((number % PER_FOLDER) + 1).padStart(4, '0')}_change_${number}.py`
    writeFileSync(
      join(folder, name),
      `operations = [  # ${number}\n${'    migrations.RunSQL("select 1"),\n'.repeat(40)}]\n`,
    )
  }
}
