import type { DatabaseDiff, DiffOptions, TableDiff } from '../../diff.ts'
import { readCatalog, type Catalog, type Table } from './catalog.ts'
import { compareTable, notCompared } from './compare-table.ts'
import { oneSidedTable } from './one-sided-table.ts'
import { schemaChanges } from './schema-changes.ts'
import { openSides, type Sides } from './sides.ts'
import { withData } from './tables-with-data.ts'

/**
 * Compare two private files: {@link Engine.diff}. Page size, journal mode and whatever else is not content has no say.
 */
export async function diff(a: string, b: string, options: DiffOptions): Promise<DatabaseDiff> {
  using sides = openSides(a, b)
  await options.onOpened?.()
  const before = readCatalog(sides.a)
  const after = readCatalog(sides.b)
  const limit =
    options.rows === true ? Number.MAX_SAFE_INTEGER : options.rows === false ? undefined : options.rows.limit
  const pairs = pairsOf(sides, before, after)
  const compared = pairs.map(([old, now], index) => {
    options.onProgress?.(index, pairs.length)
    return compareOne(sides, old, now, limit)
  })
  const tables = compared.filter(isWorthTelling)
  return {
    schema: schemaChanges(before, after),
    tables,
    unchangedTables: compared.length - tables.length,
  }
}

type TablePair = readonly [before: Table | undefined, after: Table | undefined]

function pairsOf(sides: Sides, before: Catalog, after: Catalog): TablePair[] {
  const [inA, inB] = withData(sides, before, after)
  const names = [...new Set([...inA.keys(), ...inB.keys()])].toSorted()
  return names.map((name) => [inA.get(name), inB.get(name)])
}

function compareOne(
  sides: Sides,
  before: Table | undefined,
  after: Table | undefined,
  limit: number | undefined,
): TableDiff {
  if (before !== undefined && after !== undefined) {
    if (sides.apart !== undefined) return notCompared(after.name, sides.apart)
    return compareTable(sides, before, after, limit)
  }
  if (after !== undefined) return oneSidedTable(sides.b, after, 'added', limit)
  if (before !== undefined) return oneSidedTable(sides.a, before, 'removed', limit)
  throw new Error('a table is on one side at least')
}

/** That columns came or went is told with the schema. */
function isWorthTelling({ added, removed, changed, notCompared }: TableDiff): boolean {
  return added + removed + changed > 0 || notCompared !== undefined
}
