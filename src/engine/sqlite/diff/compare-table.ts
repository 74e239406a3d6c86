import { reasonOf } from '../../../errors.ts'
import type { TableDiff } from '../../diff.ts'
import { sqliteCodeOf } from '../busy.ts'
import type { Table } from './catalog.ts'
import { compareByContent } from './compare-by-content.ts'
import { compareByKey } from './compare-by-key.ts'
import { matchesOf } from './match.ts'
import { pairUp, withoutGenerated, type Found, type Limit, type Pair } from './pair.ts'
import type { Sides } from './sides.ts'

/**
 * Compare the rows of a table that is on both sides.
 *
 * What only the app has (a collation, a function) can make a way impassable, and SQLite says so when a statement is
 * prepared. Then the next way is tried: the rowid instead of the key, all columns but the computed ones, and at last
 * the bare content.
 */
export function compareTable(sides: Sides, before: Table, after: Table, limit: Limit): TableDiff {
  const pair = pairUp(sides.a.connection, before, after)
  const stored = withoutGenerated(pair)
  const reasons: string[] = []
  for (const each of stored === undefined ? [pair] : [pair, stored]) {
    for (const way of waysToCompare(sides, each, limit)) {
      const found = tryOne(way, reasons)
      if (found !== undefined) return { name: after.name, ...found, ...columnsLeftOut(each) }
    }
  }
  return notCompared(after.name, reasons[0] ?? 'there is no way to read it')
}

export function notCompared(name: string, reason: string): TableDiff {
  return { name, added: 0, removed: 0, changed: 0, matchedBy: 'content', key: [], notCompared: reason }
}

function* waysToCompare(sides: Sides, pair: Pair, limit: Limit): Generator<() => Found> {
  for (const match of matchesOf(sides, pair.before, pair.after)) yield () => compareByKey(pair, match, limit)
  yield () => compareByContent(pair, limit)
}

/** The result, or nothing where SQLite refuses. */
export function tryOne<T>(attempt: () => T, reasons: string[]): T | undefined {
  try {
    return attempt()
  } catch (error) {
    if (sqliteCodeOf(error) === undefined) throw error
    reasons.push(reasonOf(error))
    return undefined
  }
}

function columnsLeftOut({ leftOut }: Pair): Pick<TableDiff, 'columnsLeftOut'> {
  return leftOut.length === 0 ? {} : { columnsLeftOut: leftOut }
}
