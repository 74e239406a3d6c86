import { render } from './report.ts'
import type { Part, Run } from './results.ts'

/**
 * `docs/benchmarks.md`. What comes from which run is said wherever there is more than one: at the top, and in each
 * section that is not of the latest.
 */
export function renderPage(parts: readonly Part[]): string {
  const runs = runsOf(parts)
  const [latest] = runs
  if (latest === undefined) throw new Error('nothing was measured')
  const sections = parts.map((part) => {
    const measured = part.run.at === latest.at ? undefined : `Measured in another run, of ${dateOf(part.run)}.`
    return render(part.report, { ...part, ...(measured !== undefined && { measured }) })
  })
  return `${[renderIntroduction(runs, parts), ...sections].join('\n\n')}\n`
}

/** What a page, or a run on a terminal, begins with. */
export function renderIntroduction(runs: readonly Run[], parts: readonly Part[]): string {
  const [latest, ...earlier] = runs
  if (latest === undefined) throw new Error('nothing was measured')
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --write`; the sources are in `bench/`. What is compared was measured in one run, round by\n' +
      `round in turn, on the machine below. Times are the median (least to greatest) of ${latest.runs} rounds unless it says\n` +
      'otherwise, ratios the median of the ratios within the rounds. Only ratios mean anything on another machine.',
    '',
    ...(earlier.length === 0
      ? [`All of it is of one run, of ${dateOf(latest)}:`]
      : [
          'Not all sections are of the same run; only figures of one section may be compared.',
          '',
          `The latest run, of ${dateOf(latest)}: ${titlesOf(latest, parts)}`,
        ]),
    '',
    ...latest.machine.map((fact) => `- ${fact}`),
    ...(earlier.length === 0 ? [] : ['', 'Earlier runs, with what was different:', '']),
    ...earlier.map((run) => `- ${[`${dateOf(run)}: ${titlesOf(run, parts)}`, ...differences(run, latest)].join('. ')}`),
  ].join('\n')
}

function titlesOf(run: Run, parts: readonly Part[]): string {
  const own = parts.filter((part) => part.run.at === run.at)
  return own.map(({ report }) => report.title).join('; ')
}

function differences(run: Run, latest: Run): string[] {
  return run.machine.filter((fact) => !latest.machine.includes(fact))
}

/** The latest first. */
function runsOf(parts: readonly Part[]): Run[] {
  const byDate = new Map(parts.map(({ run }) => [run.at, run]))
  return [...byDate.values()].toSorted((a, b) => (a.at < b.at ? 1 : -1))
}

/** To the minute, in UTC. */
function dateOf({ at }: Run): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`
}
