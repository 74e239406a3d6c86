import type { Opener } from '../process/open-files.ts'
import type { DatabaseDiff, DiffOptions } from './diff.ts'

/**
 * What devshm needs of a database engine whose database is a file. Everything outside `engine/` goes through this
 * interface; a new engine is a new folder and a row in `conformance.test.ts`.
 *
 * A database that anything else may have open is only ever read or copied through the engine. The raw comparison and
 * verification functions take *private* files: copies that no other process knows of, or files proved to be closed.
 */
export interface Engine {
  readonly name: string

  /** What is at `path`, from its first bytes. Must not be called while this process has that database open. */
  inspect(path: string): Promise<FileFacts>

  /** The paths that belong to the database at `path` besides the file itself (logs, journals, shared memory). */
  sidecarsOf(path: string): string[]

  /**
   * The processes that have the database file at `path` open, by any name: the others, and on request this one (which
   * may run as a library in an app).
   */
  findOpeners(path: string, options?: { includeSelf?: boolean }): Promise<Opener[]>

  /**
   * Keep every other connection from writing until the lock is released. Interrupted transactions of crashed programs
   * are recovered first and the log is brought into the main file, which is then complete by itself. Readers go on.
   *
   * @throws {DevshmError} `BUSY` when a writer held on for all of `timeoutMs`
   */
  lockWriters(path: string, options?: WaitOptions): Promise<WriteLock>

  /**
   * Make sure that no connection, visible to us or not, is using the database at this moment.
   *
   * @returns false when one is; locks are all that shows of other users' processes and other containers
   */
  canHaveExclusively(path: string): Promise<boolean>

  /** Notice commits of others from now on. */
  watchCommits(path: string): CommitWatch

  /**
   * Fix one committed state of the database for reading; copies made from it are all of that state, however much is
   * written meanwhile. Hold it no longer than a copy takes: in rollback-journal modes commits wait for it.
   *
   * @throws {DevshmError} `BUSY` when a writer held on for all of `timeoutMs`
   */
  pin(path: string, options?: WaitOptions): Promise<PinnedDatabase>

  /**
   * Replace the content of a database that others may have open by that of a private, closed file: in one transaction,
   * so that a reader sees the old content or the new one, and a crash leaves one of the two. The journal mode stays;
   * another page size will do. There must be room for a journal beside it.
   *
   * @throws {DevshmError} `BUSY`, naming who has it open; `NO_SPACE`; the content is then as before
   */
  overwrite(path: string, from: string, options: OverwriteOptions): Promise<'overwritten' | 'left'>

  /** Check a private file: it opens, has the pinned number of pages, and its structure is sound. */
  verify(path: string, expected: ContentFacts): Promise<Verdict>

  /** Whether two private, closed files hold the same content, leaving out counters that change without content. */
  haveSameContent(a: string, b: string, options?: { ignoreJournalMode?: boolean }): Promise<boolean>

  /**
   * What differs between two private, closed files: schema, and rows by primary key or rowid. Values are the same only
   * if their types are too; whatever only the app has (functions, collations, modules) may leave a table uncompared,
   * with the reason, but never fails the rest. Neither file is written to, nor is anything beside it.
   */
  diff(a: string, b: string, options: DiffOptions): Promise<DatabaseDiff>

  /**
   * Compare a private, closed file with two that were made in the same way just now. What differs between these two says
   * nothing; neither does the order in which rows got their numbers, nor do the columns in `leftOut` (`table.column`).
   */
  compareRebuilt(cached: string, fresh: readonly [string, string], leftOut?: readonly string[]): Promise<RebuildReport>

  /** Set the persistent journal mode of a private, closed file. */
  setJournalMode(path: string, mode: JournalMode): Promise<void>

  /** Keep the write-ahead log of a live database short, so that plain file copies work whenever the app is idle. */
  keepLogShort(path: string): LogKeeper

  /**
   * Time commits on a private copy, with the durability that apps get unless they ask for another. Each inserts one row
   * into a table that is made for it. At least one is made, however long it takes.
   */
  timeCommits(path: string, options: CommitTiming): Promise<CommitTimes>
}

export interface CommitTiming {
  /** All on one connection; or, as most web frameworks do, each on its own, which also selects a row and is closed. */
  readonly each: 'commit' | 'request'
  /** How long to go on, in milliseconds. */
  readonly forMs: number
  /** Looked at between commits; its reason is thrown. */
  readonly signal: AbortSignal
}

export interface CommitTimes {
  readonly count: number
  /** Of all of them. */
  readonly ms: number
}

/** What persists in the file: write-ahead logging, or one of the rollback journals. */
export type JournalMode = 'wal' | 'rollback'

export type FileFacts =
  | { readonly kind: 'absent' | 'empty' }
  | { readonly kind: 'database'; readonly journalMode: JournalMode; readonly pageSize: number; readonly bytes: number }
  | { readonly kind: 'other'; readonly reason: string }

export interface ContentFacts {
  readonly pageCount: number
  readonly pageSize: number
}

/** In bytes. Not called for what is over at once. */
export type OnProgress = (done: number, total: number) => void

export interface OverwriteOptions extends WaitOptions {
  /**
   * Given the very state that is about to be replaced. When somebody commits in between it is called again with the new
   * one: the last call counts. Disposing of what it is given is not its business.
   */
  readonly before: (old: PinnedDatabase) => Promise<'go on' | 'leave it'>
  /** A private folder for a copy of the new content, where it cannot go in as it is. */
  readonly stageIn: string
  readonly onProgress?: OnProgress | undefined
}

/** Disposing more than once is fine, so that a copy can let go of the source early. */
export interface PinnedDatabase extends ContentFacts, Disposable {
  readonly journalMode: JournalMode
  /** Size of the pinned state in bytes. */
  readonly bytes: number
  /** In one file, {@link Engine.overwrite} changes it, and apps do only when they change the schema. Copies have others. */
  readonly schemaVersion: number
  /** Write the pinned state to a new file with these permission bits. An existing file is an error; a failure leaves none. */
  copyTo(path: string, mode: number, options?: { readonly onProgress?: OnProgress | undefined }): Promise<void>
}

/** `sound: false` can be a fault of the content itself, which a faithful copy shares; the caller compares to find out. */
export type Verdict = { readonly sound: true } | { readonly sound: false; readonly reason: string }

/** Disposing more than once is fine. */
export interface WriteLock extends Disposable {}

export interface CommitWatch extends Disposable {
  /** Whether anybody else has committed since the watch began, or is about to. */
  sawCommit(): boolean
}

export interface LogKeeper extends Disposable {}

export interface WaitOptions {
  /** How long to wait for another process's transaction, in milliseconds (default 5,000). */
  readonly timeoutMs?: number
  /** Ends the waiting when it is aborted, with its reason. */
  readonly signal?: AbortSignal
}

/** What {@link Engine.compareRebuilt} found. No differences: the database is what a rebuild makes. */
export interface RebuildReport {
  /** Columns that differ between two rebuilds (times, salts, UUIDs) or were to be left out, as `table.column`. */
  readonly volatile: readonly string[]
  /** Tables whose rows are numbered in another order. */
  readonly renumbered: readonly string[]
  readonly differences: readonly RebuildDifference[]
}

export type RebuildDifference =
  /** SQL of both; `undefined` where it is not there. */
  | {
      readonly kind: 'schema'
      readonly name: string
      readonly cached: string | undefined
      readonly fresh: string | undefined
    }
  /** How many different rows only one of them has. */
  | { readonly kind: 'rows'; readonly name: string; readonly onlyCached: number; readonly onlyFresh: number }
