import type { TableDiff } from '../../diff.ts'
import type { Table } from './catalog.ts'
import { rowsOf, type Side, type Sides } from './sides.ts'
import { folded, joined, quoted } from './sql.ts'

/** How the rows of a table find each other, in SQL over `a` and `b`. */
export interface Match {
  readonly by: Exclude<TableDiff['matchedBy'], 'content'>
  readonly key: readonly string[]
  readonly keyOfA: readonly string[]
  readonly keyOfB: readonly string[]
  readonly on: string
  /** Which index to scan by, and which to look up by: never one that needs a collation or function of the app's. */
  readonly scanA: string
  readonly scanB: string
  readonly lookUpA: string
  readonly lookUpB: string
}

/** The ways to match the rows of two tables, the best one first; none where rows have no identity. */
export function matchesOf({ a, b }: Pick<Sides, 'a' | 'b'>, before: Table, after: Table): Match[] {
  const [aliasA, aliasB] = [rowidAliasOf(a, before), rowidAliasOf(b, after)]
  const [rowidA, rowidB] = [aliasA ?? rowidNameOf(before), aliasB ?? rowidNameOf(after)]
  const byKey = aliasA === undefined && aliasB === undefined ? keyMatch(a, b, before, after) : undefined
  const isPrimary = aliasA !== undefined && aliasB !== undefined
  const byRowid =
    rowidA === undefined || rowidB === undefined
      ? undefined
      : rowidMatch(rowidA, rowidB, isPrimary ? 'primary key' : 'rowid', isPrimary ? (keyColumns(after)[0] ?? '') : '')
  return [byKey, byRowid].filter((match) => match !== undefined)
}

function rowidMatch(rowidA: string, rowidB: string, by: Match['by'], name: string): Match {
  return {
    by,
    key: [name === '' ? 'rowid' : name],
    keyOfA: [`a.${rowidA}`],
    keyOfB: [`b.${rowidB}`],
    on: `b.${rowidB} = a.${rowidA}`,
    scanA: 'not indexed',
    scanB: 'not indexed',
    lookUpA: 'not indexed',
    lookUpB: 'not indexed',
  }
}

/**
 * By a primary key that is an index. It must be the same columns on both sides, and, unless the table is `WITHOUT ROWID`,
 * without NULLs, which SQLite allows there and which identify nothing.
 */
function keyMatch(a: Side, b: Side, before: Table, after: Table): Match | undefined {
  const [namesA, namesB] = [keyColumns(before), keyColumns(after)]
  if (namesB.length === 0 || namesA.map(folded).join('\0') !== namesB.map(folded).join('\0')) return undefined
  if (hasNullIn(a, before, namesA) || hasNullIn(b, after, namesB)) return undefined
  const [indexA, indexB] = [keyIndexOf(a, before), keyIndexOf(b, after)]
  if (indexA === undefined || indexB === undefined) return undefined
  const isAlike = indexA.shape === indexB.shape
  const conditions = namesB.map((name, place) => {
    const [left, right] = [`b.${quoted(name)}`, `a.${quoted(namesA[place] ?? name)}`]
    // Where the types or collations differ, values are equal only if they are byte by byte.
    return isAlike
      ? `${left} = ${right} collate ${quoted(indexB.collations[place] ?? 'binary')}`
      : `+${left} = +${right} collate binary`
  })
  return {
    by: 'primary key',
    key: namesB,
    keyOfA: namesA.map((name) => `a.${quoted(name)}`),
    keyOfB: namesB.map((name) => `b.${quoted(name)}`),
    on: joined(conditions, 'and'),
    scanA: before.isWithoutRowid ? '' : 'not indexed',
    scanB: after.isWithoutRowid ? '' : 'not indexed',
    lookUpA: isAlike && !before.isWithoutRowid ? `indexed by ${quoted(indexA.name)}` : '',
    lookUpB: isAlike && !after.isWithoutRowid ? `indexed by ${quoted(indexB.name)}` : '',
  }
}

function keyColumns({ columns }: Table): string[] {
  return columns
    .filter(({ keyPart }) => keyPart > 0)
    .toSorted((one, other) => one.keyPart - other.keyPart)
    .map(({ name }) => name)
}

/** `INTEGER PRIMARY KEY`, which is the rowid under another name. Any other primary key has an index. */
function rowidAliasOf(side: Side, table: Table): string | undefined {
  const [name, ...more] = keyColumns(table)
  if (table.kind === 'virtual' || table.isWithoutRowid || name === undefined || more.length > 0) return undefined
  return keyIndexOf(side, table) === undefined ? quoted(name) : undefined
}

/** A name by which the rowid can be reached: columns may have taken them all. */
function rowidNameOf({ columns, isWithoutRowid }: Table): string | undefined {
  if (isWithoutRowid) return undefined
  const taken = new Set(columns.map(({ name }) => folded(name)))
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name))
}

interface KeyIndex {
  readonly name: string
  readonly collations: readonly string[]
  /** Equal for indexes whose values can be looked up in each other. */
  readonly shape: string
}

function keyIndexOf({ connection, schema }: Side, table: Table): KeyIndex | undefined {
  const [found] = rowsOf(connection, `select name from pragma_index_list(?, ?) where origin = 'pk'`, table.name, schema)
  if (found === undefined) return undefined
  const name = String(found[0])
  const parts = rowsOf(
    connection,
    'select coll, cid from pragma_index_xinfo(?, ?) where key = 1 order by seqno',
    name,
    schema,
  )
  const types = parts.map(([, column]) => table.columns[Number(column)]?.type.toUpperCase() ?? '')
  const collations = parts.map(([collation]) => String(collation))
  return { name, collations, shape: JSON.stringify([types, collations.map((collation) => collation.toUpperCase())]) }
}

function hasNullIn({ connection, schema }: Side, table: Table, names: readonly string[]): boolean {
  if (table.isWithoutRowid) return false
  const isNull = names.map((name) => `t.${quoted(name)} is null`)
  const from = `${schema}.${quoted(table.name)} as t not indexed`
  return rowsOf(connection, `select 1 from ${from} where ${joined(isNull, 'or')} limit 1`).length > 0
}
