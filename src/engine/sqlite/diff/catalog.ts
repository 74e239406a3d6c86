import { reasonOf } from '../../../errors.ts'
import { folded } from './sql.ts'
import { rowsOf, type Side } from './sides.ts'

/** A line of `sqlite_schema`. Indexes that SQLite made for itself are left out. */
export interface Entry {
  readonly kind: 'table' | 'index' | 'view' | 'trigger'
  readonly name: string
  readonly sql: string
}

export interface Table {
  readonly name: string
  readonly kind: 'table' | 'virtual' | 'shadow'
  readonly isWithoutRowid: boolean
  readonly sql: string
  readonly columns: readonly Column[]
  /** Why the columns are not known: a virtual table whose module only the app has. */
  readonly unreadable?: string
}

export interface Column {
  readonly name: string
  readonly type: string
  readonly isNotNull: boolean
  readonly defaultText: string | undefined
  /** Its place in the primary key, from 1; 0 for none. */
  readonly keyPart: number
  readonly kind: 'stored' | 'hidden' | 'generated'
}

export interface Catalog {
  readonly entries: readonly Entry[]
  /** By folded name. SQLite's own (`sqlite_sequence`, `sqlite_stat1` …) are left out. */
  readonly tables: ReadonlyMap<string, Table>
}

export function readCatalog(side: Side): Catalog {
  const lines = rowsOf(
    side.connection,
    `select type, name, ifnull(sql, '') from ${side.schema}.sqlite_schema
      where name not like 'sqlite\\_%' escape '\\' order by type, name`,
  )
  const made = new Map(lines.filter(([type]) => type === 'table').map((line) => [String(line[1]), line]))
  const listed = rowsOf(
    side.connection,
    `select name, type, wr from pragma_table_list where schema = ? and type <> 'view' order by name`,
    side.schema,
  )
  const tables = listed.flatMap(([name, kind, isWithoutRowid]) => {
    const line = made.get(String(name))
    if (line === undefined) return []
    const facts = { sql: String(line[2]), isWithoutRowid: isWithoutRowid === 1n }
    return [{ name: String(name), kind: kind as Table['kind'], ...facts, ...readColumns(side, String(name)) }]
  })
  return {
    entries: lines.map(([kind, name, sql]) => ({ kind: kind as Entry['kind'], name: String(name), sql: String(sql) })),
    tables: new Map(tables.map((table) => [folded(table.name), table])),
  }
}

function readColumns(side: Side, table: string): Pick<Table, 'columns' | 'unreadable'> {
  try {
    const rows = rowsOf(
      side.connection,
      'select name, type, "notnull", dflt_value, pk, hidden from pragma_table_xinfo(?, ?)',
      table,
      side.schema,
    )
    return {
      columns: rows.map(([name, type, isNotNull, defaultText, keyPart, hidden]) => ({
        name: String(name),
        type: String(type),
        isNotNull: isNotNull === 1n,
        defaultText: defaultText === null ? undefined : String(defaultText),
        keyPart: Number(keyPart),
        kind: hidden === 0n ? 'stored' : hidden === 1n ? 'hidden' : 'generated',
      })),
    }
  } catch (error) {
    return { columns: [], unreadable: reasonOf(error) }
  }
}
