import * as sqlite from 'node:sqlite'
import { pathToFileURL } from 'node:url'

/**
 * The one place that touches `node:sqlite`.
 *
 * Node 26.11 renames `DatabaseSync` to `Database` and keeps the old name for a while.
 */
const DatabaseClass: typeof sqlite.DatabaseSync =
  'Database' in sqlite && typeof sqlite.Database === 'function'
    ? (sqlite.Database as typeof sqlite.DatabaseSync)
    : sqlite.DatabaseSync

export type Connection = sqlite.DatabaseSync

/**
 * `read-write` never creates: an absent file is an error, not a new empty database.
 * `private` takes no locks and reads no log: only for files that nothing can be writing to.
 */
export type Access = 'read-only' | 'read-write' | 'create' | 'private'

/** Open a database with nothing in it trusted: no functions of its schema run with side effects, no shadow table is writable. */
export function connect(path: string, access: Access): Connection {
  const url = pathToFileURL(path)
  if (access === 'private') url.searchParams.set('immutable', '1')
  if (access === 'read-write') url.searchParams.set('mode', 'rw')
  const connection = new DatabaseClass(url, { readOnly: access === 'read-only' || access === 'private' })
  connection.exec('pragma trusted_schema = off')
  return connection
}

/** The single value of a query such as a pragma. */
export function valueOf(connection: Connection, sql: string): sqlite.SQLOutputValue | undefined {
  const row = connection.prepare(sql).get()
  return row === undefined ? undefined : Object.values(row)[0]
}

export function numberOf(connection: Connection, sql: string): number {
  const value = valueOf(connection, sql)
  if (typeof value !== 'number') throw new Error(`${sql} answered ${String(value)} instead of a number`)
  return value
}

/**
 * Copy through SQLite's backup API, `rate` pages a step.
 *
 * The steps run outside this thread, so signals and timers go on. With a read transaction open on `source` a writer
 * elsewhere cannot make the copy start over.
 *
 * @see https://sqlite.org/backup.html
 */
export async function backup(source: Connection, to: string, rate: number): Promise<void> {
  await sqlite.backup(source, to, { rate })
}
