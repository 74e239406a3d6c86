import type { TableDiff } from '../../diff.ts'
import type { Connection } from '../connection.ts'
import type { Table } from './catalog.ts'
import { folded, quoted } from './sql.ts'

/** A table as it is on both sides, and the columns that are compared and shown. */
export interface Pair {
  readonly connection: Connection
  readonly before: Table
  readonly after: Table
  /** The tables in SQL. */
  readonly a: string
  readonly b: string
  /** Those on both sides. */
  readonly columns: readonly CommonColumn[]
  /** Those of each side, to show rows that are on one side only. */
  readonly ownOfA: readonly OwnColumn[]
  readonly ownOfB: readonly OwnColumn[]
  readonly leftOut: readonly LeftOut[]
}

export interface CommonColumn {
  readonly name: string
  readonly inA: string
  readonly inB: string
}

export interface OwnColumn {
  readonly name: string
  readonly sql: string
}

type LeftOut = NonNullable<TableDiff['columnsLeftOut']>[number]

/** What was found out about the rows of a table. */
export type Found = Pick<TableDiff, 'added' | 'removed' | 'changed' | 'matchedBy' | 'key' | 'rows' | 'rowsLeftOut'>

/** How many rows to list at most; `undefined` to list none, and only count. */
export type Limit = number | undefined

export function pairUp(connection: Connection, before: Table, after: Table): Pair {
  const inBefore = new Map(columnNames(before).map((name) => [folded(name), name]))
  const inAfter = new Set(columnNames(after).map(folded))
  const onlyBefore = columnNames(before).filter((name) => !inAfter.has(folded(name)))
  const onlyAfter = columnNames(after).filter((name) => !inBefore.has(folded(name)))
  return {
    connection,
    before,
    after,
    a: `main.${quoted(before.name)} as a`,
    b: `other.${quoted(after.name)} as b`,
    columns: columnNames(after).flatMap((name) => {
      const old = inBefore.get(folded(name))
      return old === undefined ? [] : [{ name, inA: `a.${quoted(old)}`, inB: `b.${quoted(name)}` }]
    }),
    ownOfA: columnNames(before).map((name) => ({ name, sql: `a.${quoted(name)}` })),
    ownOfB: columnNames(after).map((name) => ({ name, sql: `b.${quoted(name)}` })),
    leftOut: [
      ...onlyBefore.map((column) => ({ column, reason: 'only before' })),
      ...onlyAfter.map((column) => ({ column, reason: 'only after' })),
    ],
  }
}

/** The same without the columns that are computed, which may need what only the app has. */
export function withoutGenerated(pair: Pair): Pair | undefined {
  const all = [...pair.before.columns, ...pair.after.columns]
  const generated = new Set(all.filter(({ kind }) => kind === 'generated').map(({ name }) => folded(name)))
  if (generated.size === 0) return undefined
  const isStored = ({ name }: { readonly name: string }): boolean => !generated.has(folded(name))
  const computed = pair.columns.filter((column) => !isStored(column))
  return {
    ...pair,
    columns: pair.columns.filter(isStored),
    ownOfA: pair.ownOfA.filter(isStored),
    ownOfB: pair.ownOfB.filter(isStored),
    leftOut: [...pair.leftOut, ...computed.map(({ name }) => ({ column: name, reason: 'cannot be computed here' }))],
  }
}

/** The columns that a `select *` shows. */
function columnNames({ columns }: Table): string[] {
  return columns.filter(({ kind }) => kind !== 'hidden').map(({ name }) => name)
}
