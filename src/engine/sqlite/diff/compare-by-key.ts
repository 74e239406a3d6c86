import type { RowDiff } from '../../diff.ts'
import { differs, listChanged, listWhole, share, type Counts } from './list-rows.ts'
import type { Match } from './match.ts'
import type { Found, Limit, Pair } from './pair.ts'
import { rowsOf } from './sides.ts'
import { joined } from './sql.ts'

/**
 * Count, and on request list, what differs, where rows have a key. Counting reads both tables once, in the order of A,
 * and holds nothing; listing reads them again, up to the last row that differs.
 */
export function compareByKey(pair: Pair, match: Match, limit: Limit): Found {
  const counts = countByKey(pair, match)
  const found = { ...counts, matchedBy: match.by, key: match.key }
  if (limit === undefined) return found
  const wanted = share(limit, counts)
  const rows = [
    ...changedRows(pair, match, wanted.changed),
    ...oneSidedRows(pair, match, 'removed', wanted.removed),
    ...oneSidedRows(pair, match, 'added', wanted.added),
  ]
  return { ...found, rows, rowsLeftOut: counts.changed + counts.removed + counts.added - rows.length }
}

function countByKey(pair: Pair, match: Match): Counts {
  const { connection, a, b } = pair
  const isInB = `${match.keyOfB[0]} is not null`
  const [[rowsOfA = 0, inBoth = 0, changed = 0] = []] = rowsOf(
    connection,
    `select count(*), total(${isInB}), total(${isInB} and (${anyDiffers(pair)}))
      from ${a} ${match.scanA} left join ${b} ${match.lookUpB} on ${match.on}`,
  )
  const [[rowsOfB = 0] = []] = rowsOf(connection, `select count(*) from ${b} ${match.scanB}`)
  return {
    changed: Number(changed),
    removed: Number(rowsOfA) - Number(inBoth),
    added: Number(rowsOfB) - Number(inBoth),
  }
}

function anyDiffers({ columns }: Pair): string {
  return columns.length === 0 ? '0' : joined(columns.map(differs), 'or')
}

function changedRows(pair: Pair, match: Match, limit: number): RowDiff[] {
  if (limit === 0) return []
  // A cross join keeps A outside: in the order of A, and with the lookup in B that the index is for.
  const from = `from ${pair.a} ${match.scanA} cross join ${pair.b} ${match.lookUpB} on ${match.on}
    where ${anyDiffers(pair)} limit ${limit}`
  return listChanged(pair.connection, match.keyOfA, pair.columns, from)
}

function oneSidedRows(pair: Pair, match: Match, change: 'added' | 'removed', limit: number): RowDiff[] {
  if (limit === 0) return []
  const isAdded = change === 'added'
  const [own, scan] = isAdded ? [pair.b, match.scanB] : [pair.a, match.scanA]
  const [others, lookUp] = isAdded ? [pair.a, match.lookUpA] : [pair.b, match.lookUpB]
  const key = isAdded ? match.keyOfB : match.keyOfA
  const from = `from ${own} ${scan}
    where not exists (select 1 from ${others} ${lookUp} where ${match.on}) limit ${limit}`
  return listWhole(pair.connection, change, key, isAdded ? pair.ownOfB : pair.ownOfA, from)
}
