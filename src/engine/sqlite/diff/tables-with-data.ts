import type { Catalog, Table } from './catalog.ts'
import { tryOne } from './compare-table.ts'
import { rowsOf, type Side, type Sides } from './sides.ts'
import { folded, quoted } from './sql.ts'

/** By folded name. */
type Tables = ReadonlyMap<string, Table>

/**
 * The tables to compare on each side: ordinary ones, and virtual ones in place of those that they keep their data in.
 * Where a virtual table does not show its data (its module is only in the app, or it is an index without content), it
 * is the other way round.
 */
export function withData({ a, b }: Pick<Sides, 'a' | 'b'>, before: Catalog, after: Catalog): [Tables, Tables] {
  const opaque = new Set([...opaqueTables(a, before), ...opaqueTables(b, after)])
  const isData = ([name, { kind }]: [string, Table]): boolean => {
    if (kind === 'table') return true
    if (kind === 'virtual') return !opaque.has(name)
    return opaque.has(ownerOf(name, before)) || opaque.has(ownerOf(name, after))
  }
  return [new Map([...before.tables].filter(isData)), new Map([...after.tables].filter(isData))]
}

function opaqueTables(side: Side, { tables }: Catalog): string[] {
  const virtual = [...tables].filter(([, { kind }]) => kind === 'virtual')
  return virtual.filter(([, table]) => !showsItsData(side, table)).map(([name]) => name)
}

/** An FTS index without content answers NULL for all of its columns. */
const WITHOUT_CONTENT = /\bcontent\s*=\s*(?:''|""|,|\))/i

function showsItsData({ connection, schema }: Side, { name, sql, unreadable }: Table): boolean {
  if (unreadable !== undefined || (/\busing\s+fts\d/i.test(sql) && WITHOUT_CONTENT.test(sql))) return false
  return tryOne(() => rowsOf(connection, `select * from ${schema}.${quoted(name)} limit 1`), []) !== undefined
}

/** The virtual table that a shadow table belongs to: SQLite tells by the name. */
function ownerOf(shadow: string, { tables }: Catalog): string {
  for (const [name, { kind }] of tables) if (kind === 'virtual' && shadow.startsWith(`${folded(name)}_`)) return name
  return ''
}
