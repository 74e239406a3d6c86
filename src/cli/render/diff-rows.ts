import type { RowDiff } from '../../engine/diff.ts'
import { escapeControls } from '../../fs/escape-controls.ts'
import { renderChange, renderValue } from './diff-values.ts'

/** Characters of one line; what a new row holds is told as far as it fits. */
const LONGEST_LINE = 160

/** What comes after a table's name: ` 17: status 'placed' → 'paid'`. */
export function renderRow(row: RowDiff, key: readonly string[]): string {
  const name = renderKey(row)
  if (row.change === 'changed') {
    const changes = row.columns.map((change) => `${escapeControls(change.column)} ${renderChange(change)}`)
    return `${name}: ${changes.join(', ')}`
  }
  const rest = row.values.filter(({ column }) => !key.includes(column))
  const values = rest.map(({ column, value }) => `${escapeControls(column)} ${renderValue(value)}`)
  return values.length === 0 ? name : `${name}: ${fitting(values)}`
}

function renderKey({ key }: RowDiff): string {
  if (key.length === 0) return ''
  const values = key.map(renderValue).join(', ')
  return key.length === 1 ? ` ${values}` : ` (${values})`
}

function fitting(parts: readonly string[]): string {
  let line = ''
  for (const [place, part] of parts.entries()) {
    if (place > 0 && line.length + part.length > LONGEST_LINE) return `${line}, …`
    line = place === 0 ? part : `${line}, ${part}`
  }
  return line
}
