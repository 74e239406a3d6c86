import { median } from './rounds.ts'

export interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What a suite found: tables, and sentences about how it was measured or what is to be seen. */
export interface Report {
  readonly title: string
  readonly about: readonly string[]
  readonly tables: readonly Table[]
  /** Made by {@link bars}; each goes below the tables. */
  readonly plots?: readonly string[]
  readonly goals: readonly Goal[]
  readonly remarks?: readonly string[]
}

export interface Goal {
  readonly what: string
  /** In words: `at least 10 times`. */
  readonly wanted: string
  readonly found: string
  readonly isMet: boolean
}

/** A goal on the median of ratios. */
export function atLeast(what: string, wanted: number, ratios: readonly number[]): Goal {
  const found = median(ratios)
  return { what, wanted: `at least ${wanted}`, found: times(ratios), isMet: found >= wanted }
}

/** A goal on the median of ratios. */
export function atMost(what: string, wanted: number, ratios: readonly number[]): Goal {
  const found = median(ratios)
  return { what, wanted: `at most ${wanted}`, found: times(ratios), isMet: found <= wanted }
}

/** `3.1 ms (2.9 to 4.0)`: median, least and greatest. */
export function spread(values: readonly number[], unit: string): string {
  return `${round(median(values))} ${unit} (${round(Math.min(...values))} to ${round(Math.max(...values))})`
}

/** `12.4 ×`: the median of ratios. */
export function times(ratios: readonly number[]): string {
  return `${round(median(ratios))} ×`
}

/** Three significant digits. */
function round(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return digits === 0 ? Math.round(value).toLocaleString('en') : value.toFixed(digits)
}

const WIDTH = 60

/** A plot in text, one bar a value, its length by the logarithm: each further step is ten times as much. */
export function bars(values: readonly { readonly label: string; readonly value: number }[], unit: string): string {
  const logarithms = values.map(({ value }) => Math.log10(value))
  const [least, most] = [Math.floor(Math.min(...logarithms)), Math.max(...logarithms)]
  const widest = Math.max(...values.map(({ label }) => label.length))
  const lines = values.map(({ label, value }) => {
    const length = Math.max(1, Math.round((WIDTH * (Math.log10(value) - least)) / Math.max(most - least, 1e-9)))
    return `${label.padEnd(widest)}  ${'█'.repeat(length)} ${round(value)} ${unit}`
  })
  return ['```text', ...lines, `(logarithmic, from ${10 ** least} ${unit})`, '```'].join('\n')
}

/** A report in Markdown, tables aligned so that they read well in a terminal too. */
export function render({ title, about, tables, plots = [], goals, remarks = [] }: Report): string {
  const goalTable: Table = {
    head: ['goal', 'wanted', 'found', ''],
    rows: goals.map(({ what, wanted, found, isMet }) => [what, wanted, found, isMet ? 'met' : '**missed**']),
  }
  const parts = [`## ${title}`, ...about, ...tables.map(renderTable), ...plots]
  if (goals.length > 0) parts.push(renderTable(goalTable))
  return [...parts, ...remarks].join('\n\n')
}

function renderTable({ head, rows }: Table): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
