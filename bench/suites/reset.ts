import { cpSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createPlace, type Place } from '../support/place.ts'
import { PYTHON, run as runProgram, workload, type CommandLine } from '../support/programs.ts'
import { atLeast, atMost, spread, times, type Report } from '../support/report.ts'
import { dividedBy, measureInRounds, type Contender } from '../support/rounds.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'reset'

const NODE = '`node -e 0`'
const RESET = '`devshm reset`'
const BY_HAND = 'remove the file, and run the set-up'
const MISS = 'a miss: `devshm template build --no-cache`'

const EXAMPLE = join(import.meta.dirname, '../../examples/django-shop')

interface Project {
  readonly title: string
  readonly make: (place: Place) => Promise<void>
  readonly setup: readonly CommandLine[]
}

const MIGRATE: CommandLine = [PYTHON, 'manage.py', 'migrate', '--noinput']

function generated(migrations: number, objects: number): Project {
  return {
    title: `${migrations} migrations, ${objects.toLocaleString('en')} objects in fixtures`,
    make: async (place) => {
      await runProgram([PYTHON, workload('make-django-project.py'), '.', String(migrations), String(objects)], place)
    },
    setup: [MIGRATE, [PYTHON, 'manage.py', 'loaddata', 'fixtures/all.json']],
  }
}

const SHOP: Project = {
  title: 'the example shop, migrated',
  make: async ({ cwd }) => {
    const leftBehind = /(db\.sqlite3.*|\.devshm|__pycache__)$/
    cpSync(EXAMPLE, cwd, { recursive: true, filter: (path) => !leftBehind.test(path) })
  },
  setup: [MIGRATE],
}

/** Bringing a database back to what its set-up makes, against running the set-up again. */
export async function run(bench: Bench): Promise<Report> {
  const projects = bench.isQuick
    ? [SHOP, generated(12, 100)]
    : [SHOP, generated(50, 800), generated(150, 2400), generated(207, 3400), generated(300, 4800)]
  const rows: string[][] = []
  const goals: Report['goals'][number][] = []
  for (const project of projects) {
    const { size, byHand, reset, node, miss } = await measure(project, bench)
    const ratio = dividedBy(byHand, reset)
    rows.push([
      project.title,
      `${(size / 1e6).toFixed(1)} MB`,
      spread(byHand, 'ms'),
      spread(reset, 'ms'),
      times(ratio),
      times(dividedBy(reset, node)),
      times(dividedBy(miss, byHand)),
    ])
    goals.push(atMost(`\`devshm reset\`, warm, to \`node -e 0\`: ${project.title}`, 5, dividedBy(reset, node)))
    goals.push(atMost(`a miss, to the set-up without devshm: ${project.title}`, 1.05, dividedBy(miss, byHand)))
    if (project.title.startsWith('207')) goals.push(atLeast('by hand, to `devshm reset`: 207 migrations', 100, ratio))
  }
  return {
    title: 'Reset',
    about: [
      'Whole processes. By hand: remove the file, `manage.py migrate`, `loaddata`. `devshm reset` finds that nothing changed,\n' +
        'keeps what the database held as a snapshot on disk, and puts the template in its place; a row is written before each\n' +
        'one, so that there is something to overwrite. A miss is the set-up run by devshm, with nothing cached.',
    ],
    tables: [{ head: ['project', 'database', BY_HAND, RESET, 'ratio', 'to `node -e 0`', 'a miss to by hand'], rows }],
    goals,
  }
}

async function measure(
  project: Project,
  { runs, devshm }: Bench,
): Promise<{ size: number; byHand: number[]; reset: number[]; node: number[]; miss: number[] }> {
  using place = createPlace()
  Object.assign(place.env, {
    DEVSHM_CACHE: join(place.cwd, '../', `cache-${process.pid}`),
    PATH: `/usr/bin:${process.env['PATH'] ?? ''}`,
  })
  try {
    await project.make(place)
    await runProgram([...devshm, 'reset'], place)
    const { size } = statSync(place.origin)
    const write = `import sqlite3; c = sqlite3.connect('db.sqlite3'); c.execute('create table if not exists w (x)'); c.execute('insert into w values (1)'); c.commit()`
    // A set-up takes seconds: fewer rounds tell enough.
    const rounds = Math.max(2, Math.min(runs, size > 1e6 ? 3 : runs))
    const contenders: Contender[] = [
      { name: NODE, measure: async () => ({ ms: (await runProgram([process.execPath, '-e', '0'], place)).ms }) },
      {
        name: RESET,
        measure: async () => {
          await runProgram([PYTHON, '-c', write], place)
          return { ms: (await runProgram([...devshm, 'reset'], place)).ms }
        },
      },
      {
        name: MISS,
        measure: async () => ({ ms: (await runProgram([...devshm, 'template', 'build', '--no-cache'], place)).ms }),
      },
      {
        name: BY_HAND,
        measure: async () => {
          let ms = 0
          rmSync(place.origin)
          for (const command of project.setup) ms += (await runProgram(command, place)).ms
          return { ms }
        },
      },
    ]
    const results = await measureInRounds(contenders, rounds)
    const of = (contender: string): number[] => results.of(contender, 'ms')
    return { size, byHand: of(BY_HAND), reset: of(RESET), node: of(NODE), miss: of(MISS) }
  } finally {
    rmSync(place.env['DEVSHM_CACHE'] ?? '', { recursive: true, force: true })
  }
}
