import type { RowDiff, ValueChange } from '../../diff.ts'
import type { Connection } from '../connection.ts'
import type { CommonColumn, OwnColumn } from './pair.ts'
import { rowsOf } from './sides.ts'
import { joined } from './sql.ts'
import { toValue } from './values.ts'

export interface Counts {
  readonly changed: number
  readonly removed: number
  readonly added: number
}

/** How many rows of each kind to list. Queries end with the last row that differs, so they need not look for more. */
export function share(limit: number, counts: Counts): Counts {
  const changed = Math.min(limit, counts.changed)
  const removed = Math.min(limit - changed, counts.removed)
  return { changed, removed, added: Math.min(limit - changed - removed, counts.added) }
}

/** Different by value or by type. The collation has no say, nor has a conversion: `+` takes a column's affinity away. */
export function differs({ inA, inB }: CommonColumn): string {
  return `(+${inA} collate binary is not +${inB} or typeof(${inA}) <> typeof(${inB}))`
}

/** @param from everything of the query after its columns, with `a` and `b` */
export function listChanged(
  connection: Connection,
  key: readonly string[],
  columns: readonly CommonColumn[],
  from: string,
): RowDiff[] {
  const flags = joined(columns.map(differs), '||')
  const selected = [...key, flags, ...columns.flatMap(({ inA, inB }) => [inA, inB])]
  return rowsOf(connection, `select ${selected.join(', ')} ${from}`).map((row) => {
    const flagged = String(row[key.length])
    const changes = columns.flatMap(({ name }, place): ValueChange[] => {
      if (flagged[place] !== '1') return []
      const first = key.length + 1 + 2 * place
      return [{ column: name, before: toValue(row[first] ?? null), after: toValue(row[first + 1] ?? null) }]
    })
    return { change: 'changed', key: row.slice(0, key.length).map(toValue), columns: changes }
  })
}

/** @param from everything of the query after its columns */
export function listWhole(
  connection: Connection,
  change: 'added' | 'removed',
  key: readonly string[],
  columns: readonly OwnColumn[],
  from: string,
): RowDiff[] {
  const selected = [...key, ...columns.map(({ sql }) => sql)]
  return rowsOf(connection, `select ${selected.join(', ') || '1'} ${from}`).map((row) => ({
    change,
    key: row.slice(0, key.length).map(toValue),
    values: columns.map(({ name }, place) => ({ column: name, value: toValue(row[key.length + place] ?? null) })),
  }))
}
