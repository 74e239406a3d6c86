import type { RowDiff } from '../../diff.ts'
import { listWhole, share } from './list-rows.ts'
import type { Found, Limit, Pair } from './pair.ts'
import { rowsOf } from './sides.ts'

/**
 * Compare as two heaps of rows, where rows have no key. SQLite sorts them, in temporary files where they are many, so
 * this too holds nothing; but it takes longer, and knows no changed rows.
 */
export function compareByContent(pair: Pair, limit: Limit): Found {
  const { connection, columns } = pair
  const names = columns.map((_column, place) => `c${place}`)
  const selected = (side: 'inA' | 'inB'): string =>
    columns.map((column, place) => `, +${column[side]} as c${place}`).join('')
  const grouped = names.flatMap((name) => [`${name} collate binary`, `typeof(${name})`])
  const balances = `select sum(weight) as balance${names.map((name) => `, ${name}`).join('')}
    from (select 1 as weight${selected('inA')} from ${pair.a} not indexed
      union all select -1${selected('inB')} from ${pair.b} not indexed)
    ${grouped.length === 0 ? '' : `group by ${grouped.join(', ')}`} having balance <> 0`
  const [[removed = 0, added = 0] = []] = rowsOf(
    connection,
    `select total(max(balance, 0)), total(max(-balance, 0)) from (${balances})`,
  )
  const counts = { changed: 0, removed: Number(removed), added: Number(added) }
  const found = { ...counts, matchedBy: 'content' as const, key: [] }
  if (limit === undefined) return found
  const wanted = share(limit, counts)
  const shown = columns.map(({ name }, place) => ({ name, sql: `c${place}` }))
  const list = (change: 'removed' | 'added', most: number): RowDiff[] => {
    if (most === 0) return []
    const from = `from (${balances}) where balance ${change === 'removed' ? '>' : '<'} 0 limit ${most}`
    const rows = listWhole(connection, change, ['abs(balance)'], shown, from)
    // A row that is there more often by n is listed n times.
    return rows.flatMap((row) => Array.from({ length: Number(row.key[0]) }, () => ({ ...row, key: [] }))).slice(0, most)
  }
  const rows = [...list('removed', wanted.removed), ...list('added', wanted.added)]
  return { ...found, rows, rowsLeftOut: counts.removed + counts.added - rows.length }
}
