import type { SchemaChange, TableDiff } from '../../engine/diff.ts'
import type { ComparedSide } from '../../snapshot/diff-base.ts'
import type { Comparison } from '../../snapshot/diff.ts'
import { colour, type Colour } from '../colours.ts'
import { renderRow } from './diff-rows.ts'
import { escapeControls } from '../../fs/escape-controls.ts'
import { formatTime, shorten } from './names.ts'

/** A comparison as lines for people: what is compared, the schema, the tables or their rows, and the sum. */
export function renderComparison({ origin, before, after, diff }: Comparison, cwd: string): string[] {
  const heading = `${shorten(origin, cwd)}: ${renderSide(before)} → ${renderSide(after)}`
  const { schema, tables, unchangedTables } = diff
  const isListed = tables.some(({ rows }) => rows !== undefined)
  const blocks = [
    schema.flatMap(renderSchemaChange),
    isListed ? tables.flatMap(renderRows) : renderCounts(tables.filter((table) => table.notCompared === undefined)),
    tables.flatMap(renderRemarks),
  ].filter((lines) => lines.length > 0)
  const sum = blocks.length === 0 ? `no difference in ${plural(unchangedTables, 'table')}` : summarize(schema, tables)
  return [heading, ...blocks.flatMap((lines) => [...lines.map((line) => `  ${line}`), '']), `  ${sum}`]
}

const COLOURS: Readonly<Record<string, Colour>> = { '+': 'green', '-': 'red', '~': 'yellow' }

/** A line of it in colours: all that is said after a sign, and counts. */
export function colourDifference(line: string): string {
  const [, indent = '', change] = /^(\s+)([+~-] .*)$/.exec(line) ?? []
  if (change !== undefined) return indent + colour(COLOURS[change.charAt(0)] ?? 'yellow', change)
  return line.replaceAll(/(?<= )[+~-]\d+(?= |$)/g, (count) => colour(COLOURS[count.charAt(0)] ?? 'yellow', count))
}

function renderSide({ label, at }: ComparedSide): string {
  return escapeControls(label) + (at === undefined ? '' : ` (${formatTime(at)})`)
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const

function renderSchemaChange({ kind, name, change, columns = [] }: SchemaChange): string[] {
  const lines = columns.map((column) => {
    const definition = [column.before, column.after].filter((text) => text !== undefined).map(escapeControls)
    return `    ${SIGNS[column.change]} ${escapeControls(column.name)} ${definition.join(' → ')}`
  })
  const remark = change === 'changed' && lines.length === 0 ? ' (its definition)' : ''
  return [`${SIGNS[change]} ${kind} ${escapeControls(name)}${remark}`, ...lines]
}

/** A table a line, with the numbers of each kind in a column of their own. */
function renderCounts(tables: readonly TableDiff[]): string[] {
  const kinds = (['added', 'removed', 'changed'] as const).filter((kind) => tables.some((table) => table[kind] > 0))
  const width = Math.max(0, ...tables.map(({ name }) => escapeControls(name).length))
  const widths = new Map(
    kinds.map((kind) => [kind, Math.max(...tables.map((table) => renderCount(table, kind).length))]),
  )
  return tables.map((table) => {
    const counts = kinds.map((kind) => renderCount(table, kind).padStart(widths.get(kind) ?? 0))
    return `${escapeControls(table.name).padEnd(width)}  ${counts.join('  ')}`.trimEnd()
  })
}

function renderCount(table: TableDiff, kind: keyof typeof SIGNS): string {
  return table[kind] === 0 ? '' : `${SIGNS[kind]}${table[kind]}`
}

function renderRows(table: TableDiff): string[] {
  const { rows = [], rowsLeftOut = 0 } = table
  const lines = rows.map((row) => `${SIGNS[row.change]} ${escapeControls(table.name)}${renderRow(row, table.key)}`)
  if (rowsLeftOut === 0) return lines
  return [...lines, `  … and ${plural(rowsLeftOut, 'more row')} of ${escapeControls(table.name)} (--limit all)`]
}

function renderRemarks({ name, notCompared, columnsLeftOut = [] }: TableDiff): string[] {
  const computed = columnsLeftOut.filter(({ reason }) => !reason.startsWith('only ')).map(({ column }) => column)
  const lines = [
    ...(notCompared === undefined ? [] : [`${name} could not be compared: ${notCompared}`]),
    ...(computed.length === 0 ? [] : [`${name}: without ${computed.join(', ')}, which cannot be computed here`]),
  ]
  return lines.map(escapeControls)
}

function summarize(schema: readonly SchemaChange[], tables: readonly TableDiff[]): string {
  const sum = (kind: keyof typeof SIGNS): number => tables.reduce((total, table) => total + table[kind], 0)
  const kinds = (['added', 'removed', 'changed'] as const).filter((kind) => sum(kind) > 0)
  const rows = kinds.map((kind, place) =>
    place === 0 ? `${plural(sum(kind), 'row')} ${kind}` : `${sum(kind)} ${kind}`,
  )
  const changed = tables.filter(({ notCompared }) => notCompared === undefined).length
  const uncompared = tables.length - changed
  return [
    ...(schema.length === 0 ? [] : [plural(schema.length, 'change') + ' of the schema']),
    ...(rows.length === 0 ? [] : [`${rows.join(', ')} in ${plural(changed, 'table')}`]),
    ...(uncompared === 0 ? [] : [`${plural(uncompared, 'table')} not compared`]),
  ].join('; ')
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
