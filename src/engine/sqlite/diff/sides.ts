import { statSync } from 'node:fs'
import type { SQLOutputValue } from 'node:sqlite'
import { reasonOf } from '../../../errors.ts'
import { attachPrivate, boundValues, connect, type Connection } from '../connection.ts'

export type Row = readonly SQLOutputValue[]

/** One of the two databases: a connection, and the name of the database's schema on it. */
export interface Side {
  readonly connection: Connection
  readonly schema: string
}

export interface Sides extends Disposable {
  readonly a: Side
  readonly b: Side
  /** Why no statement can look at both at once, if that is so. */
  readonly apart: string | undefined
}

/** Kilobytes of pages to keep, for each file: the rows of two tables are looked up in each other. */
const CACHE_KB = 16_000

/** Open two private files on one connection, so that SQLite itself compares them and only what differs leaves it. */
export function openSides(a: string, b: string): Sides {
  using cleanUp = new DisposableStack()
  const connection = cleanUp.adopt(connect(a, 'private'), (opened) => opened.close())
  const sides = { a: { connection, schema: 'main' }, ...attachOther(connection, b, cleanUp) }
  const bytes = Math.max(...[a, b].map((path) => statSync(path).size))
  for (const side of [sides.a, sides.b]) {
    boundValues(side.connection, bytes)
    side.connection.exec(`pragma ${side.schema}.cache_size = -${CACHE_KB}`)
    rowsOf(side.connection, `select count(*) from ${side.schema}.sqlite_schema`)
  }
  const resources = cleanUp.move()
  return { ...sides, [Symbol.dispose]: () => resources.dispose() }
}

function attachOther(connection: Connection, b: string, cleanUp: DisposableStack): Pick<Sides, 'b' | 'apart'> {
  try {
    attachPrivate(connection, b, 'other')
    return { b: { connection, schema: 'other' }, apart: undefined }
  } catch (error) {
    if (!/text encoding/.test(reasonOf(error))) throw error
    const own = cleanUp.adopt(connect(b, 'private'), (opened) => opened.close())
    return { b: { connection: own, schema: 'main' }, apart: 'the two databases have different text encodings' }
  }
}

/** All rows of a query, with integers as `bigint`, which tells them from reals. */
export function rowsOf(connection: Connection, sql: string, ...values: string[]): Row[] {
  const statement = connection.prepare(sql)
  statement.setReadBigInts(true)
  statement.setReturnArrays(true)
  return statement.all(...values) as unknown as Row[]
}
