import type { TableDiff } from '../../diff.ts'
import type { Table } from './catalog.ts'
import { notCompared, tryOne } from './compare-table.ts'
import { listWhole } from './list-rows.ts'
import { matchesOf } from './match.ts'
import { pairUp, withoutGenerated, type Found, type Limit, type Pair } from './pair.ts'
import { rowsOf, type Side } from './sides.ts'
import { quoted } from './sql.ts'

/** The rows of a table that is new, or gone: all of them. */
export function oneSidedTable(side: Side, table: Table, change: 'added' | 'removed', limit: Limit): TableDiff {
  const pair = pairUp(side.connection, table, table)
  const stored = withoutGenerated(pair)
  const reasons: string[] = []
  for (const each of stored === undefined ? [pair] : [pair, stored]) {
    const found = tryOne(() => allRows(side, each, change, limit), reasons)
    if (found !== undefined) return { name: table.name, ...found }
  }
  return notCompared(table.name, reasons[0] ?? 'there is no way to read it')
}

function allRows(side: Side, { connection, after, ownOfB }: Pair, change: 'added' | 'removed', limit: Limit): Found {
  const [match] = matchesOf({ a: side, b: side }, after, after)
  const from = `from ${side.schema}.${quoted(after.name)} as b ${match?.scanB ?? ''}`
  const [[count = 0] = []] = rowsOf(connection, `select count(*) ${from}`)
  const rows = limit === undefined ? undefined : Math.min(limit, Number(count))
  return {
    added: 0,
    removed: 0,
    changed: 0,
    [change]: Number(count),
    matchedBy: match?.by ?? 'content',
    key: match?.key ?? [],
    ...(rows !== undefined && {
      rows: listWhole(connection, change, match?.keyOfB ?? [], ownOfB, `${from} limit ${rows}`),
      rowsLeftOut: Number(count) - rows,
    }),
  }
}
