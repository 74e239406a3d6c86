import type { Estimate } from '../../benchmark/estimate.ts'
import { type Part, type Report, type Row, saysBusy } from '../../benchmark/report.ts'
import { comparisonOf, spreadOf } from '../../benchmark/say-rows.ts'
import { sayMs } from '../../benchmark/say-times.ts'
import { median } from '../../benchmark/statistics.ts'
import { escapeControls } from '../../fs/escape-controls.ts'

/** Longer ones are cut in the middle: where it was measured stands at the end. */
const WIDEST_LABEL = 60
const END_OF_LABEL = 10

/** The table and the verdict, for a terminal. `strong` marks what is read first. */
export function renderReport({ machine, parts, verdict }: Report, strong: (text: string) => string): string[] {
  const widest = Math.max(0, ...parts.flatMap(({ rows }) => rows.map(({ label }) => shortLabel(label).length)))
  const lines = parts.flatMap((part) => [...renderPart(part, widest, strong), ''])
  lines.push(
    strong(verdict.summary),
    ...[...verdict.sentences, ...saysBusy(machine)].map((sentence) => `  ${sentence}`),
  )
  if (verdict.turnOn.length === 0) lines.push('Nothing is worth turning on.')
  else lines.push('Turn on:')
  const longest = Math.max(0, ...verdict.turnOn.map(({ command }) => command.length))
  for (const { command, why } of verdict.turnOn) lines.push(`  ${command.padEnd(longest)}  ${why}`)
  return lines
}

function renderPart(part: Part, widest: number, strong: (text: string) => string): string[] {
  const { title, rows, leftOut, notes } = part
  const said = [...(leftOut === undefined ? [] : [`Left out: ${leftOut}`]), ...notes]
  return [
    strong(title),
    ...rows.map((row) => `  ${renderRow(row, rows, widest)}`.trimEnd()),
    // Commands, and what they print, are the project's, which may have been cloned from anywhere.
    ...said.flatMap((note) => note.split('\n').map((line) => `  ${escapeControls(line)}`)),
  ]
}

function renderRow(row: Row, rows: readonly Row[], widest: number): string {
  const time = sayMs(median(row.values)).padStart(9)
  return `${shortLabel(row.label).padEnd(widest)}  ${time}  ${spreadOf(row).padEnd(22)}  ${comparisonOf(row, rows)}`
}

function shortLabel(label: string): string {
  const shown = escapeControls(label)
  if (shown.length <= WIDEST_LABEL) return shown
  return `${shown.slice(0, WIDEST_LABEL - END_OF_LABEL - 1)}…${shown.slice(-END_OF_LABEL)}`
}

/** How long it takes, before it begins. */
export function renderEstimate({ seconds, isAtMost }: Estimate): string {
  const rounded = seconds < 10 ? Math.ceil(seconds) : 5 * Math.ceil(seconds / 5)
  const time = rounded > 90 ? `${Math.round(rounded / 60)} minutes` : rounded === 1 ? 'a second' : `${rounded} seconds`
  return `devshm: measuring takes ${isAtMost ? 'up to about' : 'about'} ${time}; Ctrl-C ends it, and nothing is left`
}
