import * as sqlite from 'node:sqlite'
import { pathToFileURL } from 'node:url'

/**
 * The one place that touches `node:sqlite`.
 *
 * Node 26.11 renames `DatabaseSync` to `Database` and keeps the old name for a while.
 */
export const DatabaseClass: typeof sqlite.DatabaseSync =
  'Database' in sqlite && typeof sqlite.Database === 'function'
    ? (sqlite.Database as typeof sqlite.DatabaseSync)
    : sqlite.DatabaseSync

export type Connection = sqlite.DatabaseSync
export type ConnectionOptions = sqlite.DatabaseSyncOptions

/**
 * `read-write` never creates: an absent file is an error, not a new empty database.
 * `private` takes no locks and reads no log: only for files that nothing can be writing to.
 * `unlocked` takes no locks either, but sees writes: only under an exclusive lock of this process on a database in
 * rollback mode, and closed only when that lock may go, because closing a file drops all locks of the process on it.
 */
export type Access = 'read-only' | 'read-write' | 'create' | 'private' | 'unlocked'

const READS_ONLY: ReadonlySet<Access> = new Set<Access>(['read-only', 'private', 'unlocked'])

/**
 * What no statement of ours needs more of, and no schema that an app could have made. What an app may well have, such as
 * 2,000 columns or a value of a gigabyte, is left at what SQLite itself allows.
 *
 * @see https://sqlite.org/security.html
 */
const LIMITS: NonNullable<ConnectionOptions['limits']> = {
  // In bytes; also of each `create …` in a schema.
  sqlLength: 10_000_000,
  // A comparison is with one other database, or two.
  attach: 2,
  // Nothing is written through a table that has triggers.
  triggerDepth: 1,
}

/** What every connection to a database that we did not make in this moment is opened with. */
const UNTRUSTING: ConnectionOptions = { defensive: true, allowExtension: false, limits: LIMITS }

/**
 * Open a database with nothing in it trusted: no functions of its schema run with side effects, no shadow table is
 * writable, no extension is loaded.
 */
export function connect(path: string, access: Access): Connection {
  const url = urlFor(path, access)
  const connection = new DatabaseClass(url, { ...UNTRUSTING, readOnly: READS_ONLY.has(access) })
  connection.exec('pragma trusted_schema = off; pragma cell_size_check = on')
  return connection
}

/** In bytes, so that usual computed values fit beside a small file. */
const LEAST_LENGTH = 1_000_000

/**
 * No value of a database is longer than its file; what a generated column computes may be, and take all memory.
 *
 * @param bytes of the largest file that is read
 */
export function boundValues(connection: Connection, bytes: number): void {
  connection.limits.length = Math.min(connection.limits.length, Math.max(LEAST_LENGTH, bytes))
}

/** Add a private file to a connection, under a name of its own. It is never written to. */
export function attachPrivate(connection: Connection, path: string, schema: string): void {
  connection.prepare(`attach ? as ${schema}`).run(urlFor(path, 'private').href)
}

/** @see https://sqlite.org/uri.html */
function urlFor(path: string, access: Access): URL {
  const url = pathToFileURL(path)
  if (access === 'private') url.searchParams.set('immutable', '1')
  if (access === 'read-write') url.searchParams.set('mode', 'rw')
  if (access === 'unlocked') url.searchParams.set('nolock', '1')
  return url
}

/**
 * The single value of a query such as a pragma. It is run to its end: a pragma that writes answers first and commits then,
 * and of a commit that fails after the first row `get()` tells nothing.
 */
export function valueOf(connection: Connection, sql: string): sqlite.SQLOutputValue | undefined {
  const [row] = connection.prepare(sql).all()
  return row === undefined ? undefined : Object.values(row)[0]
}

export function numberOf(connection: Connection, sql: string): number {
  const value = valueOf(connection, sql)
  if (typeof value !== 'number') throw new Error(`${sql} answered ${String(value)} instead of a number`)
  return value
}

export interface BackupOptions {
  /** Pages a step; between steps this thread is asked, and told how far it is. */
  readonly rate: number
  /** The destination without locks: see {@link Access}. */
  readonly isUnlocked?: boolean
  /** In pages. Not called after the last step. What it throws ends the copy, and the destination is as before. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * Copy through SQLite's backup API.
 *
 * The steps run outside this thread, so signals and timers go on. With a read transaction open on `source` a writer
 * elsewhere cannot make the copy start over. The destination is locked for writing from the first step on, and changes
 * in one transaction.
 *
 * @see https://sqlite.org/backup.html
 */
export async function backup(
  source: Connection,
  to: string,
  { rate, isUnlocked = false, onProgress }: BackupOptions,
): Promise<void> {
  await sqlite.backup(source, isUnlocked ? urlFor(to, 'unlocked') : to, {
    rate,
    ...(onProgress === undefined
      ? {}
      : {
          progress: ({ totalPages, remainingPages }) => {
            onProgress(totalPages - remainingPages, totalPages)
          },
        }),
  })
}
