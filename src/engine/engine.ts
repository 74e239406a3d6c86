import type { Opener } from '../process/open-files.ts'

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

  /** Check a private file: it opens, has the pinned number of pages, and its structure is sound. */
  verify(path: string, expected: ContentFacts): Promise<Verdict>

  /** Whether two private, closed files hold the same content, leaving out counters that change without content. */
  haveSameContent(a: string, b: string, options?: { ignoreJournalMode?: boolean }): Promise<boolean>

  /** Set the persistent journal mode of a private, closed file. */
  setJournalMode(path: string, mode: JournalMode): Promise<void>

  /** Keep the write-ahead log of a live database short, so that plain file copies work whenever the app is idle. */
  keepLogShort(path: string): LogKeeper
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

/** Disposing more than once is fine, so that a copy can let go of the source early. */
export interface PinnedDatabase extends ContentFacts, Disposable {
  readonly journalMode: JournalMode
  /** Size of the pinned state in bytes. */
  readonly bytes: number
  /** Write the pinned state to a new file with these permission bits. An existing file is an error; a failure leaves none. */
  copyTo(path: string, mode: number): Promise<void>
}

/** `sound: false` can be a fault of the content itself, which a faithful copy shares; the caller compares to find out. */
export type Verdict = { readonly sound: true } | { readonly sound: false; readonly reason: string }

/** Disposing more than once is fine. */
export interface WriteLock extends Disposable {}

export interface CommitWatch extends Disposable {
  /** Whether anybody else has committed since the watch began. */
  sawCommit(): boolean
}

export interface LogKeeper extends Disposable {}

export interface WaitOptions {
  /** How long to wait for another process's transaction, in milliseconds (default 5,000). */
  readonly timeoutMs?: number
}
