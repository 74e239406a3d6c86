import { copyFileSync, cpSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPlace, type Place } from '../support/place.ts'
import { PYTHON, run as runProgram, workload, type CommandLine } from '../support/programs.ts'
import { atLeast, atMost, spread, times, type Report } from '../support/report.ts'
import { dividedBy, measureInRounds, type Contender } from '../support/rounds.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'reset'

const NODE = '`node -e 0`'
const RESET = '`devshm reset`'
const TO_NODE = 'to `node -e 0`'
const BY_HAND = 'remove the file, and run the set-up'
const MISS = 'a miss: `devshm template build --no-cache`'

const EXAMPLE = join(import.meta.dirname, '../../examples/django-shop')

interface Project {
  readonly title: string
  readonly make: (place: Place) => Promise<void> | void
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

/** Of a real one 14 s were measured, of which `migrate` took half. */
const SITE: Project = {
  title: 'a site: 207 migrations, 3,400 objects in fixtures',
  make: async (place) => {
    await runProgram([PYTHON, workload('make-django-site.py'), '.'], place)
  },
  setup: [MIGRATE, [PYTHON, 'manage.py', 'loaddata', 'fixtures/all.json']],
}

const SHOP: Project = {
  title: 'the example shop',
  make: async ({ cwd }) => {
    const leftBehind = /(db\.sqlite3.*|\.devshm|__pycache__)$/
    cpSync(EXAMPLE, cwd, { recursive: true, filter: (path) => !leftBehind.test(path) })
  },
  setup: [MIGRATE, [PYTHON, 'manage.py', 'loaddata', 'demo']],
}

/** Without a framework, and as large as a real site's. */
const PLAIN: Project = {
  title: 'a database of 8 MB, made by a script',
  make: ({ cwd }) => {
    copyFileSync(workload('make-database.py'), join(cwd, 'make.py'))
    const setup = [{ run: `${PYTHON} make.py "$DB" 8`, inputs: ['make.py'] }]
    const databases = { default: { path: 'db.sqlite3' } }
    writeFileSync(join(cwd, 'devshm.config.json'), JSON.stringify({ databases, setup, env: { DB: '{path}' } }))
  },
  setup: [[PYTHON, 'make.py', 'db.sqlite3', '8']],
}

/** Bringing a database back to what its set-up makes, against running the set-up again. */
export async function run(bench: Bench): Promise<Report> {
  const projects = bench.isQuick
    ? [PLAIN, SHOP, generated(12, 100)]
    : [PLAIN, SHOP, generated(50, 800), generated(150, 2400), generated(300, 4800), SITE]
  const rows: string[][] = []
  const goals: Report['goals'][number][] = []
  for (const project of projects) {
    const { size, byHand, reset, inRam, node, nodeThen, miss } = await measure(project, bench)
    const ratio = dividedBy(byHand, reset)
    rows.push([
      project.title,
      `${(size / 1e6).toFixed(1)} MB`,
      spread(byHand, 'ms'),
      spread(reset, 'ms'),
      times(ratio),
      times(dividedBy(reset, node)),
      times(dividedBy(inRam, nodeThen)),
      times(dividedBy(miss, byHand)),
    ])
    goals.push(atMost(`warm, to \`node -e 0\`: ${project.title}`, 5, dividedBy(reset, node)))
    goals.push(atMost(`warm, in RAM, to \`node -e 0\`: ${project.title}`, 5, dividedBy(inRam, nodeThen)))
    // Of a set-up that takes no longer than the start of two programs nothing can be saved.
    if (project !== PLAIN) {
      goals.push(atMost(`a miss, to the set-up without devshm: ${project.title}`, 1.05, dividedBy(miss, byHand)))
    }
    if (project === SITE) goals.push(atLeast(`by hand, to \`devshm reset\`: ${SITE.title}`, 100, ratio))
  }
  return {
    title: 'Reset',
    about: [
      'Whole processes. By hand: remove the file, `manage.py migrate`, `loaddata`. `devshm reset` finds that nothing changed,\n' +
        'keeps what the database held as a snapshot on disk, and puts the template in its place; a row is written before each\n' +
        'one, so that there is something to overwrite. A miss is the set-up run by devshm, with nothing cached. The site has\n' +
        'the measures of a real one: 56 apps, 118 tables, models related across apps, an admin, forms and views of all.',
    ],
    tables: [
      {
        head: ['project', 'database', BY_HAND, RESET, 'ratio', TO_NODE, `${TO_NODE}, in RAM`, 'a miss to by hand'],
        rows,
      },
    ],
    goals,
  }
}

interface Measured {
  readonly size: number
  readonly byHand: readonly number[]
  readonly reset: readonly number[]
  readonly node: readonly number[]
  readonly miss: readonly number[]
  /** While the database is in RAM, with the rounds of `nodeThen`. */
  readonly inRam: readonly number[]
  readonly nodeThen: readonly number[]
}

async function measure(project: Project, { runs, devshm }: Bench): Promise<Measured> {
  using place = createPlace()
  place.env['PATH'] = `/usr/bin:${process.env['PATH'] ?? ''}`
  await project.make(place)
  await runProgram([...devshm, 'reset'], place)
  const { size } = statSync(place.origin)
  // A set-up takes seconds: fewer rounds tell enough.
  const rounds = Math.max(2, Math.min(runs, project.setup.length > 1 ? 3 : runs))
  const timed = async (command: CommandLine): Promise<number> => (await runProgram(command, place)).ms
  const node: Contender = { name: NODE, measure: async () => ({ ms: await timed([process.execPath, '-e', '0']) }) }
  const reset: Contender = {
    name: RESET,
    measure: async () => {
      await timed([PYTHON, '-c', WRITE])
      return { ms: await timed([...devshm, 'reset']) }
    },
  }
  const miss: Contender = {
    name: MISS,
    measure: async () => ({ ms: await timed([...devshm, 'template', 'build', '--no-cache']) }),
  }
  const byHand: Contender = {
    name: BY_HAND,
    measure: async () => {
      let ms = 0
      rmSync(place.origin)
      for (const command of project.setup) ms += await timed(command)
      return { ms }
    },
  }
  const onDisk = await measureInRounds([node, reset, miss, byHand], rounds)
  await timed([...devshm, 'attach', '--save-every', 'off'])
  const inRam = await measureInRounds([node, reset], runs)
  await timed([...devshm, 'detach'])
  const of = (name: string): number[] => onDisk.of(name, 'ms')
  return {
    size,
    byHand: of(BY_HAND),
    reset: of(RESET),
    node: of(NODE),
    miss: of(MISS),
    inRam: inRam.of(RESET, 'ms'),
    nodeThen: inRam.of(NODE, 'ms'),
  }
}

/** So that there is something to overwrite. */
const WRITE =
  "import sqlite3; c = sqlite3.connect('db.sqlite3'); c.execute('create table if not exists w (x)'); " +
  "c.execute('insert into w values (1)'); c.commit()"
