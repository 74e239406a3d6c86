import type { Connection } from '../connection.ts'

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** The column that is SQLite's own number of the row, if there is one. */
  readonly number: string | undefined
  /** Columns that hold the number of a row of another table. */
  readonly references: ReadonlyMap<string, string>
}

export interface Column {
  readonly name: string
}

/** The ordinary tables of a database, with all columns that hold values (generated ones only repeat them). */
export function listTables(connection: Connection, schema: string): Table[] {
  const names = connection
    .prepare(`select name from pragma_table_list where schema = ? and type in ('table', 'shadow') order by name`)
    .all(schema)
    .map(({ name }) => String(name))
  return names
    .filter((name) => !/^sqlite_(schema|temp_schema|stat\d)$/.test(name))
    .map((name) => describe(connection, schema, name))
}

function describe(connection: Connection, schema: string, name: string): Table {
  const columns = connection.prepare(`select * from pragma_table_xinfo(?, ?)`).all(name, schema)
  const keys = columns.filter(({ pk }) => Number(pk) > 0)
  const [key] = keys
  const isNumber = keys.length === 1 && key !== undefined && /^integer$/i.test(String(key['type']))
  const references = connection.prepare(`select * from pragma_foreign_key_list(?, ?)`).all(name, schema)
  return {
    name,
    columns: columns.filter(({ hidden }) => Number(hidden) === 0).map((column) => ({ name: String(column['name']) })),
    number: isNumber ? String(key['name']) : undefined,
    references: new Map(references.map(({ from, table }) => [String(from), String(table)])),
  }
}

/** A name in SQL, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** An expression for a value's type and exact content, without any collation. */
export function encoded(column: string): string {
  return `typeof(${column}) || case typeof(${column}) when 'real' then printf('%!.17g', ${column}) else hex(${column}) end`
}
