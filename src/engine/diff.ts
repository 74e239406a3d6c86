/**
 * What differs between two databases, before (A) and after (B). Plain data that survives JSON. This is the `--json`
 * contract of `devshm diff`: fields are only ever added.
 */
export interface DatabaseDiff {
  readonly schema: readonly SchemaChange[]
  /** Only tables whose rows differ, or of which something could not be compared. In the order of their names. */
  readonly tables: readonly TableDiff[]
  /** How many tables were compared and hold the same rows. */
  readonly unchangedTables: number
}

export interface SchemaChange {
  readonly kind: 'table' | 'index' | 'view' | 'trigger'
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  /** The statements that made it. */
  readonly before?: string
  readonly after?: string
  /** Of a table that is on both sides. None of them may differ, where only a constraint or the spelling does. */
  readonly columns?: readonly ColumnChange[]
}

export interface ColumnChange {
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  /** As it would be written after the name: `varchar(20) not null default 'new'`. */
  readonly before?: string
  readonly after?: string
}

export interface TableDiff {
  readonly name: string
  readonly added: number
  readonly removed: number
  readonly changed: number
  /** `content`: rows have no identity here, so that an edited row counts as one removed and one added. */
  readonly matchedBy: 'primary key' | 'rowid' | 'content'
  /** The names of what a row's `key` holds; none with `content`. */
  readonly key: readonly string[]
  /** On request. Changed ones first, then removed, then added, each in the order of the table. */
  readonly rows?: readonly RowDiff[]
  /** Rows that differ and are not in `rows`, because of the limit. */
  readonly rowsLeftOut?: number
  /** Columns that were not compared: on one side only, or computed by a function that only the app has. */
  readonly columnsLeftOut?: readonly { readonly column: string; readonly reason: string }[]
  /** Why the rows could not be compared at all; all counts are 0 then. */
  readonly notCompared?: string
}

export type RowDiff =
  | { readonly change: 'changed'; readonly key: readonly Value[]; readonly columns: readonly ValueChange[] }
  | { readonly change: 'added' | 'removed'; readonly key: readonly Value[]; readonly values: readonly ColumnValue[] }

/** A column that differs; `before` and `after` are different values, be it only by their types. */
export interface ValueChange {
  readonly column: string
  readonly before: Value
  readonly after: Value
}

export interface ColumnValue {
  readonly column: string
  readonly value: Value
}

/**
 * A stored value, exact, and with its type: null, text, an integer or a real with a fraction as they are; an integer
 * that a JSON number cannot hold (beyond 2^53) in digits; a real without a fraction (`1.0`, `1e300`, `Infinity`) in
 * digits, because as a JSON number it would read as an integer; a blob by its length and first bytes, all of them up to
 * 32, else with its hash.
 */
export type Value =
  | null
  | string
  | number
  | { readonly integer: string }
  | { readonly real: string }
  | { readonly blob: { readonly bytes: number; readonly hex: string; readonly sha256?: string } }

export interface DiffOptions {
  /** List the rows that differ, at most so many of a table; `true` for all of them. Otherwise they are counted. */
  readonly rows: boolean | { readonly limit: number }
  /** Both files are open now: whoever made private copies of them may remove those. */
  readonly onOpened?: () => void | Promise<void>
  /** Called before each table, with how many are compared. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** Whether two databases hold the same. What could not be compared is not known to be. */
export function isSame({ schema, tables }: DatabaseDiff): boolean {
  return schema.length === 0 && tables.length === 0
}
