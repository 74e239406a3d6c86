import type { Connection } from '../connection.ts'
import { encoded, quoteName, type Table } from './tables.ts'

/** So deep are references followed: rows that differ only further away count as equal. */
const DEPTH = 8

/** More rows than this are compared as they are: a template is small, and this holds them in memory. */
const MOST_ROWS = 200_000

/**
 * All rows of a table as one text in which each number of a row stands for what that row holds; equal for two databases
 * that differ only in how their rows are numbered. `undefined`: too many rows to tell.
 */
export function rowsUpToNumbering(
  connection: Connection,
  schema: string,
  tables: readonly Table[],
  table: Table,
  volatile: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  const loaded = new Map<string, Map<string, Record<string, string>> | undefined>()
  const byName = new Map(tables.map((each) => [each.name, each]))

  const rowsOf = (name: string): Map<string, Record<string, string>> | undefined => {
    const of = byName.get(name)
    if (!loaded.has(name)) loaded.set(name, of === undefined ? undefined : load(connection, schema, of))
    return loaded.get(name)
  }
  const textOf = (of: Table, row: Readonly<Record<string, string>>, depth: number): string =>
    of.columns
      .filter(({ name }) => name !== of.number && volatile.get(of.name)?.has(name) !== true)
      .map(({ name }) => {
        const value = row[name] ?? ''
        const target = byName.get(of.references.get(name) ?? '')
        const referred = target?.number === undefined ? undefined : rowsOf(target.name)?.get(value)
        if (target === undefined || referred === undefined) return value
        return depth === 0 ? '…' : `(${textOf(target, referred, depth - 1)})`
      })
      .join('|')

  const rows = rowsOf(table.name)
  if (rows === undefined) return undefined
  return [...rows.values()]
    .map((row) => textOf(table, row, DEPTH))
    .toSorted()
    .join('\n')
}

/** By number where the table has one, else in any order. */
function load(connection: Connection, schema: string, table: Table): Map<string, Record<string, string>> | undefined {
  const from = `${schema}.${quoteName(table.name)}`
  const count = Number(connection.prepare(`select count(*) as n from ${from}`).get()?.['n'] ?? 0)
  if (count > MOST_ROWS) return undefined
  const columns = table.columns.map(({ name }) => `${encoded(quoteName(name))} as ${quoteName(name)}`)
  const rows = connection.prepare(`select ${columns.join(', ')} from ${from}`).all()
  return new Map(
    rows.map((row, index) => {
      const texts = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]))
      return [table.number === undefined ? `#${index}` : (texts[table.number] ?? `#${index}`), texts]
    }),
  )
}
