import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { Value } from '../../diff.ts'
import { quoted, type TableShape } from './random-databases.fixture.ts'

/** What the diff of one table must say; rows as texts, in no order. */
export interface Expected {
  readonly counts: { readonly added: number; readonly removed: number; readonly changed: number }
  readonly rows: readonly string[]
}

interface Row {
  readonly key: string
  readonly cells: ReadonlyMap<string, SQLOutputValue>
}

/** The simplest diff there can be: all rows of both sides in memory, compared one by one. */
export function slowDiff(a: string, b: string, shape: TableShape): Expected {
  const [sideA, sideB] = [readTable(a, shape), readTable(b, shape)]
  const common = [...sideB.columns].filter((name) => sideA.columns.has(name))
  const isHeap = shape.identity === 'content' && sideA.columns.size > 0 && sideB.columns.size > 0
  const useRowid = sideA.hasNullKey || sideB.hasNullKey
  const rowsOf = (side: typeof sideA): Row[] =>
    isHeap ? side.byRowid.map((row) => heaped(row, common)) : useRowid ? side.byRowid : side.byKey
  const [before, after] = [keyed(rowsOf(sideA)), keyed(rowsOf(sideB))]
  const rows: string[] = []
  const counts = { added: 0, removed: 0, changed: 0 }
  for (const [key, old] of before) {
    const now = after.get(key)
    if (now === undefined) {
      counts.removed += 1
      rows.push(`removed ${whole(old)}`)
      continue
    }
    const different = common.filter((name) => exact(old.cells.get(name)) !== exact(now.cells.get(name)))
    if (different.length === 0) continue
    counts.changed += 1
    const texts = different.map((name) => `${name}: ${asText(old, name)} -> ${asText(now, name)}`)
    rows.push(`changed ${texts.join(', ')}`)
  }
  for (const [key, now] of after) {
    if (before.has(key)) continue
    counts.added += 1
    rows.push(`added ${whole(now)}`)
  }
  return { counts, rows: rows.toSorted() }
}

function readTable(
  path: string,
  shape: TableShape,
): { byKey: Row[]; byRowid: Row[]; hasNullKey: boolean; columns: Set<string> } {
  using connection = new DatabaseSync(path, { readOnly: true })
  const exists = connection.prepare('select 1 from sqlite_schema where name = ?').get(shape.name) !== undefined
  if (!exists) return { byKey: [], byRowid: [], hasNullKey: false, columns: new Set() }
  const { identity } = shape
  const isWithoutRowid = /without rowid/.test(shape.create)
  const rowid = isWithoutRowid || identity === 'content' ? 'null' : shape.columns.includes('rowid') ? 'oid' : 'rowid'
  const statement = connection.prepare(`select ${rowid} as "the rowid", * from ${quoted(shape.name)}`)
  statement.setReadBigInts(true)
  const rows = statement.all().map((row) => {
    const cells = new Map(Object.entries(row))
    const rowidText = exact(cells.get('the rowid'))
    cells.delete('the rowid')
    return { rowidText, cells }
  })
  const keyOf = (row: (typeof rows)[number]): SQLOutputValue[] =>
    typeof identity === 'object' ? identity.key.map((name) => row.cells.get(name) ?? null) : []
  const textOfKey = (row: (typeof rows)[number]): string =>
    identity === 'rowid'
      ? row.rowidText
      : identity === 'content'
        ? [...row.cells.values()].map(exact).join()
        : keyOf(row)
            .map((value) => comparable(value, identity.ignoresCase))
            .join()
  return {
    byKey: rows.map((row) => ({ key: textOfKey(row), cells: row.cells })),
    byRowid: rows.map((row) => ({ key: row.rowidText, cells: row.cells })),
    hasNullKey: !isWithoutRowid && rows.some((row) => keyOf(row).includes(null)),
    columns: new Set(
      statement
        .columns()
        .slice(1)
        .map(({ name }) => name),
    ),
  }
}

/** Without any key a row is what it has in the columns that are on both sides. */
function heaped(row: Row, columns: readonly string[]): Row {
  const cells = new Map(columns.map((name) => [name, row.cells.get(name) ?? null]))
  return { key: [...cells.values()].map(exact).join(), cells }
}

/** Rows without a key may be equal: the second one gets another key than the first. */
function keyed(rows: readonly Row[]): Map<string, Row> {
  const found = new Map<string, Row>()
  for (const row of rows) {
    let key = row.key
    for (let again = 2; found.has(key); again += 1) key = `${row.key} #${again}`
    found.set(key, row)
  }
  return found
}

function exact(value: SQLOutputValue | undefined): string {
  if (value instanceof Uint8Array) return `blob ${Buffer.from(value).toString('hex')}`
  return `${value === null ? 'null' : typeof value} ${JSON.stringify(typeof value === 'bigint' ? String(value) : value)}`
}

/** As an index compares: integers and reals are numbers, and letters may have no case. */
function comparable(value: SQLOutputValue, ignoresCase: boolean): string {
  if (typeof value === 'number' && Number.isInteger(value)) return exact(BigInt(value))
  return exact(ignoresCase && typeof value === 'string' ? value.replaceAll(/[A-Z]/g, (c) => c.toLowerCase()) : value)
}

function whole(row: Row): string {
  return [...row.cells.keys()].map((name) => `${name}: ${asText(row, name)}`).join(', ')
}

function asText({ cells }: Row, name: string): string {
  const value = cells.get(name) ?? null
  if (value instanceof Uint8Array) return `blob ${Buffer.from(value.subarray(0, 16)).toString('hex')} ${value.length}`
  if (typeof value === 'bigint') return `integer ${value}`
  if (typeof value === 'number') return `real ${value}`
  return JSON.stringify(value)
}

/** A value of a diff, in the same words. */
export function wordsOf(value: Value): string {
  if (value === null || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return `${Number.isInteger(value) ? 'integer' : 'real'} ${value}`
  if ('integer' in value) return `integer ${value.integer}`
  if ('real' in value) return `real ${Number(value.real)}`
  return `blob ${value.blob.hex.slice(0, 32)} ${value.blob.bytes}`
}
