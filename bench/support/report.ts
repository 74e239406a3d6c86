import { altOf, type Plot } from './plots/plot.ts'
import { median, medianIfAny, round } from './statistics.ts'

const NOTHING = '–'

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What a suite found: tables, and sentences about how it was measured or what is to be seen. Data, as it is kept. */
export interface Report {
  readonly title: string
  readonly about: readonly string[]
  readonly tables: readonly Table[]
  /** Each goes below the tables. */
  readonly plots?: readonly Plot[]
  readonly goals: readonly Goal[]
  readonly remarks?: readonly string[]
}

export interface Goal {
  readonly what: string
  /** In words: `at least 10 times`. */
  readonly wanted: string
  readonly found: string
  /** Absent if it could not be measured. */
  readonly isMet?: boolean
}

/** A goal on something else, if it was measured. */
export function goalOn(
  what: string,
  wanted: string,
  measured: number | undefined,
  { found, isMet }: { found(value: number): string; isMet(value: number): boolean },
): Goal {
  if (measured === undefined) return { what, wanted, found: NOTHING }
  return { what, wanted, found: found(measured), isMet: isMet(measured) }
}

/** A goal on the median of ratios. */
export function atLeast(what: string, wanted: number, ratios: readonly number[]): Goal {
  return goal(what, `at least ${wanted}`, ratios, (found) => found >= wanted)
}

/** A goal on the median of ratios. */
export function atMost(what: string, wanted: number, ratios: readonly number[]): Goal {
  return goal(what, `at most ${wanted}`, ratios, (found) => found <= wanted)
}

function goal(what: string, wanted: string, ratios: readonly number[], isMet: (found: number) => boolean): Goal {
  return goalOn(what, wanted, medianIfAny(ratios), { found: () => times(ratios), isMet })
}

/** `3.1 ms (2.9 to 4.0)`: median, least and greatest. */
export function spread(values: readonly number[], unit: string): string {
  if (values.length === 0) return NOTHING
  return `${round(median(values))} ${unit} (${round(Math.min(...values))} to ${round(Math.max(...values))})`
}

/** `12.4 ×`: the median of ratios. */
export function times(ratios: readonly number[]): string {
  return ratios.length === 0 ? NOTHING : `${round(median(ratios))} ×`
}

/** What is to be said of a report besides what it found. */
export interface Circumstances {
  /** A sentence, if the report is of another run than the others. */
  readonly measured?: string
  readonly leftOut: readonly string[]
  readonly failed: readonly string[]
}

/** A report in Markdown, tables aligned so that they read well in a terminal too. */
export function render(report: Report, { measured, leftOut, failed }: Circumstances): string {
  const { title, about, tables, plots = [], goals, remarks = [] } = report
  const goalTable: Table = {
    head: ['goal', 'wanted', 'found', ''],
    rows: goals.map(({ what, wanted, found, isMet }) => [what, wanted, found, verdict(isMet)]),
  }
  return [
    `## ${title}`,
    ...(measured === undefined ? [] : [measured]),
    ...about,
    ...tables.map(renderTable),
    ...plots.map((plot) => `![${altOf(plot)}](benchmarks/${plot.file})`),
    ...(goals.length > 0 ? [renderTable(goalTable)] : []),
    ...remarks,
    ...leftOut.map((line) => `Left out: ${line}.`),
    ...failed.map((line) => `**Failed**: ${line}.`),
  ].join('\n\n')
}

function verdict(isMet: boolean | undefined): string {
  if (isMet === undefined) return 'not measured'
  return isMet ? 'met' : '**missed**'
}

function renderTable({ head, rows }: Table): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
