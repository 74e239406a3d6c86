import type { Connection, ConnectionOptions } from '../engine/sqlite/connection.ts'
import type { Kept } from './keep.ts'

export interface CloneOptions {
  /** For people: a part of the name of the clone's folder, and of what is kept of it. */
  readonly name?: string
  /** The database that `path`, `url` and `connect()` are of, in a project with several (default: the first). */
  readonly database?: string
  /** A database in this process's memory instead of a file: nobody else can open it, and there is no file to clean up. */
  readonly memory?: boolean
}

export interface ConnectOptions extends ConnectionOptions {
  /** Default: the one that `path` is of. */
  readonly database?: string
}

export interface ResetOptions {
  /** How long to wait for whoever is busy with the clone, in milliseconds (default 5,000). */
  readonly timeoutMs?: number
}

export interface ClonedDatabase {
  /** Absolute. */
  readonly path: string
  /** The same as a `file:` URL. */
  readonly url: string
}

interface AnyClone extends AsyncDisposable {
  readonly name: string
  /**
   * Keep the databases on disk, as they are now, and say which command shows what differs from the template. The newest
   * 10 of a project stay.
   */
  keep(): Promise<Kept>
  /** The same, unless all of them are as the template still. */
  keepIfChanged(): Promise<Kept | undefined>
}

/**
 * A private, writable, complete copy of every database of the project, as files that any process of this user may open;
 * `path` and `url` are of the first, or the one that was asked for.
 *
 * Disposing closes what `connect()` opened and removes the files, as soon as nobody has them open any more: never before.
 */
export interface Clone extends AnyClone, ClonedDatabase {
  /** By name. */
  readonly databases: Readonly<Record<string, ClonedDatabase>>
  /** The variables of `env` in the configuration, or of the framework, that lead an app to this clone; perhaps none. */
  readonly variables: Readonly<Record<string, string>>
  /** Whether it is in RAM; else there was no room, and it is on disk. */
  readonly isInRam: boolean
  /** A new connection, closed with the clone. It waits for others for up to 5 seconds unless `timeout` says otherwise. */
  connect(options?: ConnectOptions): Connection
  /**
   * Make all databases what the template holds again, each in one transaction, also while others have them open. What was
   * begun on a connection of `connect()` is rolled back.
   *
   * @throws {DevshmError} `BUSY`, naming who has it open: somebody is in the middle of a transaction
   */
  reset(options?: ResetOptions): Promise<void>
}

/** A private copy of the databases in this process's memory. Disposing closes it. */
export interface MemoryClone extends AnyClone {
  /** The connection to a database: always the same one, because another would be another database in memory. */
  connect(options?: ConnectOptions): Connection
  /** Make them what the template holds again. What was begun is rolled back, and prepared statements are gone. */
  reset(): Promise<void>
}
