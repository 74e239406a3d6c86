import { statSync } from 'node:fs'
import { createPlace } from '../support/place.ts'
import { run as runProgram } from '../support/programs.ts'
import { generated, plain, SHOP, SITE, type Project } from '../support/projects.ts'
import { atLeast, atMost, spread, times, type Goal, type Report, type Table } from '../support/report.ts'
import {
  BRANCH,
  branchlyContenders,
  BY_HAND,
  COPY,
  IN_RAM,
  MISS,
  NODE,
  node,
  NODE_THEN,
  RESET,
  reset,
  resetContenders,
  slowly,
} from '../support/resets.ts'
import type { Results } from '../support/rounds.ts'
import { SET_UPS, setUpContenders } from '../support/set-ups.ts'
import { SLOW_DISK } from '../support/slow-disk.ts'
import { dividedBy } from '../support/statistics.ts'
import type { Bench } from '../support/suite.ts'

export const name = 'reset'

const PLAIN = plain(8)

/** Bringing a database back to what its set-up makes, against running the set-up again, and against other short cuts. */
export async function run(bench: Bench): Promise<Report> {
  const projects = bench.isQuick
    ? [PLAIN, SHOP, generated(12, 100)]
    : [PLAIN, SHOP, generated(50, 800), generated(150, 2400), generated(300, 4800), SITE]
  const all: Measured[] = []
  for (const project of projects) {
    const measured = await bench.attempt(project.title, () => measure(project, bench))
    if (measured !== undefined) all.push(measured)
  }
  return {
    title: 'Reset',
    about: [
      'Whole processes. By hand: remove the file, `manage.py migrate`, `loaddata`. `devshm reset` finds that nothing changed,\n' +
        'keeps what the database held as a snapshot on disk, and puts the template in its place; a row is written before each\n' +
        'one, so that there is something to overwrite. A miss is the set-up run by devshm, with nothing cached. The site has\n' +
        'the measures of a real one: 56 apps, 118 tables, models related across apps, an admin, forms and views of all.',
      'A template by hand is a script of 20 lines: the hash of migrations and fixtures names a copy of the database, which\n' +
        '`copyFileSync` puts over it. Branchly clones its snapshot, and then runs `migrate`, which finds nothing to do. Neither\n' +
        'of them keeps what the database held, looks whether somebody has it open, or syncs what it writes.',
    ],
    tables: [resetTable(all), shortCutsTable(all, false), shortCutsTable(all, true), setUpsTable(all)],
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

async function measure(project: Project, bench: Bench): Promise<Measured> {
  using place = createPlace()
  using branch = createPlace()
  for (const each of [place, branch]) {
    each.env['PATH'] = `/usr/bin:${process.env['PATH'] ?? ''}`
    await project.make(each)
  }
  await runProgram([...bench.devshm, 'reset'], place)
  const bytes = statSync(place.origin).size
  const onDisk = await bench.measure([
    ...resetContenders(bench, project, place),
    ...branchlyContenders(project, branch),
    ...(project === SHOP ? setUpContenders(project, branch) : []),
  ])
  await runProgram([...bench.devshm, 'attach', '--save-every', 'off'], place)
  const inRam = await bench.measure([node(NODE_THEN, place), reset(IN_RAM, [...bench.devshm, 'reset'], place)])
  await runProgram([...bench.devshm, 'detach'], place)
  return { project, bytes, results: onDisk.and(inRam) }
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
    rows: all
      .filter(({ project }) => !isSlow || project.isTooSlow !== true)
      .map((each) => {
        const named = (way: string): string => (isSlow ? slowly(way) : way)
        const cells = ways.map((way) => spread(each.results.of(named(way), 'ms'), 'ms'))
        return [each.project.title, ...cells, times(ratio(each, named(COPY), named(RESET)))]
      }),
  }
}

/** Of one project: of the others it would be the same. */
function setUpsTable(all: readonly Measured[]): Table {
  const shop = all.find(({ project }) => project === SHOP)
  const onDisk = shop?.results.of(BY_HAND, 'ms') ?? []
  const ways = [BY_HAND, ...Object.values(SET_UPS), slowly(BY_HAND), RESET, slowly(RESET)]
  return {
    head: [`${SHOP.title}: the set-up, faster`, 'time', 'to the set-up on disk'],
    rows: ways.map((way) => {
      const values = shop?.results.of(way, 'ms') ?? []
      return [way, spread(values, 'ms'), times(dividedBy(values, onDisk))]
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
