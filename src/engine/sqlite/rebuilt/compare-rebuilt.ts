import type { RebuildDifference, RebuildReport } from '../../engine.ts'
import { attachPrivate, connect, type Connection } from '../connection.ts'
import { encoded, listTables, quoteName, type Table } from './tables.ts'
import { rowsUpToNumbering } from './numbering.ts'

/**
 * Compare a database with two that were made in the same way just now. What differs between these two (times, salts,
 * UUIDs) says nothing and is left out, and listed.
 *
 * Rows are compared as a whole and by value, not by key. Where they differ only in how SQLite numbered them (an
 * incremental build numbers in another order than a full one), they count as equal, and the table is listed.
 */
export async function compareRebuilt(
  cached: string,
  fresh: readonly [string, string],
  leftOut: readonly string[] = [],
): Promise<RebuildReport> {
  const connection = connect(cached, 'private')
  try {
    attachPrivate(connection, fresh[0], 'fresh')
    attachPrivate(connection, fresh[1], 'other')
    return compare(connection, new Set(leftOut))
  } finally {
    connection.close()
  }
}

function compare(connection: Connection, leftOut: ReadonlySet<string>): RebuildReport {
  const differences = schemaDifferences(connection)
  const tables = listTables(connection, 'fresh')
  const there = new Set(listTables(connection, 'main').map(({ name }) => name))
  const volatile = new Map(tables.map((table) => [table.name, volatileColumns(connection, table, leftOut)]))
  const changed = new Set(differences.map(({ name }) => name))
  const counts = tables
    .filter(({ name }) => there.has(name) && !changed.has(name))
    .map((table) => ({ table, ...countDifferent(connection, table, volatile.get(table.name)) }))
  // Once a table is numbered in another order, equal references no longer mean the same row.
  const isAnyDifferent = counts.some(({ onlyCached, onlyFresh }) => onlyCached + onlyFresh > 0)
  const renumbered: string[] = []
  for (const { table, onlyCached, onlyFresh } of isAnyDifferent ? counts : []) {
    const isDifferent = onlyCached + onlyFresh > 0
    if (!isDifferent && table.references.size === 0) continue
    const [ours, theirs] = ['main', 'fresh'].map((side) => rowsUpToNumbering(connection, side, tables, table, volatile))
    if (ours === undefined || ours !== theirs)
      differences.push({ kind: 'rows', name: table.name, onlyCached, onlyFresh })
    else if (isDifferent) renumbered.push(table.name)
  }
  const listed = [...volatile].flatMap(([table, columns]) => [...columns].map((column) => `${table}.${column}`))
  return { volatile: listed, renumbered, differences }
}

function schemaDifferences(connection: Connection): RebuildDifference[] {
  const one = schemaOf(connection, 'main')
  const other = schemaOf(connection, 'fresh')
  return [...new Set([...one.keys(), ...other.keys()])].toSorted().flatMap((name) => {
    const [cached, fresh] = [one.get(name), other.get(name)]
    return cached === fresh ? [] : [{ kind: 'schema', name, cached, fresh } as const]
  })
}

function schemaOf(connection: Connection, schema: string): Map<string, string> {
  const rows = connection
    .prepare(`select name, type, sql from ${schema}.sqlite_schema where name not like 'sqlite\\_%' escape '\\'`)
    .all()
  return new Map(rows.map(({ name, type, sql }) => [String(name), `${String(type)} ${String(sql)}`]))
}

function volatileColumns(connection: Connection, { name, columns }: Table, leftOut: ReadonlySet<string>): Set<string> {
  const other = new Set(listTables(connection, 'other').map((table) => table.name))
  if (!other.has(name)) return new Set()
  const differing = columns.filter(
    (column) =>
      leftOut.has(`${name}.${column.name}`) ||
      countOnlyIn(connection, 'fresh', 'other', name, [column.name]) +
        countOnlyIn(connection, 'other', 'fresh', name, [column.name]) >
        0,
  )
  return new Set(differing.map((column) => column.name))
}

function countDifferent(
  connection: Connection,
  { name, columns }: Table,
  leftOut: ReadonlySet<string> = new Set(),
): { onlyCached: number; onlyFresh: number } {
  const compared = columns.map((column) => column.name).filter((column) => !leftOut.has(column))
  return {
    onlyCached: countOnlyIn(connection, 'main', 'fresh', name, compared),
    onlyFresh: countOnlyIn(connection, 'fresh', 'main', name, compared),
  }
}

/** How many different rows, looking at these columns alone, are in one more often than in the other, or not at all. */
function countOnlyIn(
  connection: Connection,
  schema: string,
  other: string,
  table: string,
  columns: readonly string[],
): number {
  const row = columns.length === 0 ? `''` : columns.map((column) => encoded(quoteName(column))).join(` || '|' || `)
  const counted = (where: string): string =>
    `select ${row} as row, count(*) as times from ${where}.${quoteName(table)} group by row`
  const answer = connection.prepare(`select count(*) as n from (${counted(schema)} except ${counted(other)})`).get()
  return Number(answer?.['n'] ?? 0)
}
