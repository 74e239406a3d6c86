import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BRANCHLY, setUpBranchly } from '../support/branchly.ts'
import { createPlace, type Place } from '../support/place.ts'
import { writePlainScript } from '../support/plain-script.ts'
import { PYTHON, run as runProgram, type CommandLine } from '../support/programs.ts'
import { generated, plain, settingsByEnvironment, SHOP, SITE, WRITE_A_ROW, type Project } from '../support/projects.ts'
import { atLeast, atMost, spread, times, type Goal, type Report, type Table } from '../support/report.ts'
import type { Contender, Results } from '../support/rounds.ts'
import { onSlowDisk, SLOW_DISK, SLOWER_BY_MS, withSlowFsync } from '../support/slow-disk.ts'
import { dividedBy } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'reset'

const NODE = '`node -e 0`'
const RESET = '`devshm reset`'
const BY_HAND = 'remove the file, and run the set-up'
const COPY = 'a template by hand, `copyFileSync`'
const BRANCH = 'remove the file, and `branchly sync`'
const MISS = 'a miss: `devshm template build --no-cache`'
const IN_RAM = '`devshm reset`, in RAM'
const NODE_THEN = '`node -e 0`, meanwhile'

/** A set-up on the slow disk takes up to half a minute. */
const ROUNDS_ON_THE_SLOW_DISK = 3

const PLAIN = plain(8)

/** Bringing a database back to what its set-up makes, against running the set-up again, and against other short cuts. */
export async function run(bench: Bench): Promise<Report> {
  const projects = bench.isQuick
    ? [PLAIN, SHOP, generated(12, 100)]
    : [PLAIN, SHOP, generated(50, 800), generated(150, 2400), generated(300, 4800), SITE]
  const all: Measured[] = []
  for (const project of projects) all.push(await measure(project, bench))
  return {
    title: 'Reset',
    about: [
      'Whole processes. By hand: remove the file, `manage.py migrate`, `loaddata`. `devshm reset` finds that nothing changed,\n' +
        'keeps what the database held as a snapshot on disk, and puts the template in its place; a row is written before each\n' +
        'one, so that there is something to overwrite. A miss is the set-up run by devshm, with nothing cached. The site has\n' +
        'the measures of a real one: 56 apps, 118 tables, models related across apps, an admin, forms and views of all; its\n' +
        `set-up is run in ${SITE.rounds} rounds.`,
      'A template by hand is a script of 20 lines: the hash of migrations and fixtures names a copy of the database, which\n' +
        '`copyFileSync` puts over it. Branchly clones its snapshot, and then runs `migrate`, which finds nothing to do. Neither\n' +
        'of them keeps what the database held, looks whether somebody has it open, or syncs what it writes.',
    ],
    tables: [resetTable(all), shortCutsTable(all, false), shortCutsTable(all, true)],
    plots: [
      {
        kind: 'dots',
        file: 'reset.svg',
        title: 'A reset, by hand and otherwise',
        unit: 'ms',
        rows: [SHOP, SITE].flatMap((project) => {
          const results = all.find((each) => each.project === project)?.results
          return [BY_HAND, BRANCH, COPY, RESET, IN_RAM].map((way) => ({
            label: `${project === SHOP ? 'shop' : 'site'}: ${way}`,
            values: results?.of(way, 'ms') ?? [],
            isOurs: way === RESET || way === IN_RAM,
          }))
        }),
      },
    ],
    goals: all.flatMap(goalsOf),
  }
}

interface Measured {
  readonly project: Project
  readonly bytes: number
  readonly results: Results
}

function ratio({ results }: Measured, one: string, other: string): number[] {
  return dividedBy(results.of(one, 'ms'), results.of(other, 'ms'))
}

function resetTable(all: readonly Measured[]): Table {
  return {
    head: [
      'project',
      'database',
      BY_HAND,
      RESET,
      'ratio',
      'to `node -e 0`',
      'to `node -e 0`, in RAM',
      'a miss to by hand',
    ],
    rows: all.map((each) => [
      each.project.title,
      `${(each.bytes / 1e6).toFixed(1)} MB`,
      spread(each.results.of(BY_HAND, 'ms'), 'ms'),
      spread(each.results.of(RESET, 'ms'), 'ms'),
      times(ratio(each, BY_HAND, RESET)),
      times(ratio(each, RESET, NODE)),
      times(ratio(each, IN_RAM, NODE_THEN)),
      times(ratio(each, MISS, BY_HAND)),
    ]),
  }
}

function shortCutsTable(all: readonly Measured[], isSlow: boolean): Table {
  const ways = [BY_HAND, BRANCH, COPY, RESET]
  return {
    head: [isSlow ? SLOW_DISK : 'short cuts, as the disk is', ...ways, `${COPY}, to ${RESET}`],
    rows: all.map((each) => {
      const named = (way: string): string => (isSlow ? slowly(way) : way)
      const cells = ways.map((way) => spread(each.results.of(named(way), 'ms'), 'ms'))
      return [each.project.title, ...cells, times(ratio(each, named(COPY), named(RESET)))]
    }),
  }
}

function goalsOf(each: Measured): Goal[] {
  const { title } = each.project
  return [
    atMost(`warm, to \`node -e 0\`: ${title}`, 5, ratio(each, RESET, NODE)),
    atMost(`warm, in RAM, to \`node -e 0\`: ${title}`, 5, ratio(each, IN_RAM, NODE_THEN)),
    // Of a set-up that takes no longer than the start of two programs nothing can be saved.
    ...(each.project === PLAIN
      ? []
      : [atMost(`a miss, to the set-up without devshm: ${title}`, 1.05, ratio(each, MISS, BY_HAND))]),
    ...(each.project === SITE ? [atLeast(`by hand, to ${RESET}: ${title}`, 100, ratio(each, BY_HAND, RESET))] : []),
  ]
}

function slowly(way: string): string {
  return `${way}, ${SLOW_DISK}`
}

async function measure(project: Project, bench: Bench): Promise<Measured> {
  using place = createPlace()
  using branch = createPlace()
  for (const each of [place, branch]) {
    each.env['PATH'] = `/usr/bin:${process.env['PATH'] ?? ''}`
    await project.make(each)
  }
  await runProgram([...bench.devshm, 'reset'], place)
  const bytes = statSync(place.origin).size
  const onDisk = await bench.measure([...contenders(bench, project, place), ...branchly(project, branch)])
  await runProgram([...bench.devshm, 'attach', '--save-every', 'off'], place)
  const inRam = await bench.measure([node(NODE_THEN, place), reset(IN_RAM, [...bench.devshm, 'reset'], place)])
  await runProgram([...bench.devshm, 'detach'], place)
  return { project, bytes, results: onDisk.and(inRam) }
}

function contenders({ devshm }: Bench, project: Project, place: Place): Contender[] {
  const { setup, inputs, rounds } = project
  const commands = setup.filter((command) => command !== undefined)
  const script = writePlainScript('hand-rolled-template.script.ts', place.ram)
  const recipe = JSON.stringify({ inputs, setup: commands })
  const copy: CommandLine = [process.execPath, script, 'db.sqlite3', join(place.cwd, '.templates'), recipe]
  const devshmReset: CommandLine = [...devshm, 'reset']
  const few = rounds === undefined ? {} : { rounds }
  const slow = { rounds: ROUNDS_ON_THE_SLOW_DISK, needs: ['strace'] }
  const byHand = async (slower: (command: CommandLine) => CommandLine): Promise<{ ms: number }> => {
    let ms = 0
    rmSync(place.origin)
    for (const command of commands) ms += (await runProgram(slower(command), place)).ms
    return { ms }
  }
  return [
    node(NODE, place),
    reset(RESET, devshmReset, place),
    { name: MISS, ...few, measure: () => timed([...devshm, 'template', 'build', '--no-cache'], place) },
    { name: BY_HAND, ...few, measure: () => byHand((command) => command) },
    reset(COPY, copy, place),
    { name: slowly(BY_HAND), ...slow, measure: () => byHand((command) => withSlowFsync(SLOWER_BY_MS, command)) },
    reset(slowly(COPY), withSlowFsync(SLOWER_BY_MS, copy), place, slow),
    reset(slowly(RESET), () => onSlowDisk(place, devshmReset), place, slow),
  ]
}

function branchly(project: Project, place: Place): Contender[] {
  const [migrate, seed] = project.setup
  const sync: CommandLine = [...BRANCHLY, 'sync']
  let file: string | undefined
  const contender = (name: string, command: CommandLine, more: Partial<Contender>): Contender => ({
    name,
    measure: async () => {
      if (file === undefined) {
        Object.assign(place.env, settingsByEnvironment(project, place))
        const own: CommandLine = project.django === undefined ? withDatabaseByEnvironment(migrate) : migrate
        file = await setUpBranchly(place, { ...project, migrate: own, ...(seed !== undefined && { seed }) })
      }
      rmSync(file)
      return await timed(command, place)
    },
    ...more,
  })
  return [
    contender(BRANCH, sync, { needs: ['git'] }),
    contender(slowly(BRANCH), withSlowFsync(SLOWER_BY_MS, sync), {
      rounds: ROUNDS_ON_THE_SLOW_DISK,
      needs: ['git', 'strace'],
    }),
  ]
}

/** A clone has its tables already: what makes them is then to do nothing. */
function withDatabaseByEnvironment(command: CommandLine): CommandLine {
  const words = command.map((word) => (word === 'db.sqlite3' ? '"$DATABASE"' : word))
  return ['sh', '-c', `test -s "$DATABASE" || ${words.join(' ')}`]
}

/** After a row was written, so that there is something to overwrite. */
function reset(
  name: string,
  command: CommandLine | (() => Promise<CommandLine>),
  place: Place,
  more: Partial<Contender> = {},
): Contender {
  let known = typeof command === 'function' ? undefined : command
  return {
    name,
    measure: async () => {
      await runProgram([PYTHON, '-c', WRITE_A_ROW], place)
      if (known === undefined) {
        known = await (typeof command === 'function' ? command() : command)
        await runProgram([PYTHON, '-c', WRITE_A_ROW], place)
      }
      return await timed(known, place)
    },
    ...more,
  }
}

function node(name: string, place: Place): Contender {
  return { name, measure: () => timed([process.execPath, '-e', '0'], place) }
}

async function timed(command: CommandLine, place: Place): Promise<{ ms: number }> {
  return { ms: (await runProgram(command, place)).ms }
}
