/**
 * The one family of errors that devshm throws on purpose.
 *
 * `message` names the object (a path, a process), `hint` says what to do next, `code` is stable and
 * part of the public API, `cause` is what was caught. Anything else that reaches the command line is
 * a bug in devshm and is reported as one.
 */
export class DevshmError extends Error {
  override readonly name: string = 'DevshmError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  /** Facts for `--json`: plain data, paths and pids, never prose. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.details = options.details ?? {}
  }
}

export interface ErrorOptions {
  readonly hint?: string | undefined
  readonly cause?: unknown
  readonly details?: Readonly<Record<string, unknown>>
}

/** The command was used wrongly: an unknown option, a missing argument, a path that cannot be a database. Exit status 2. */
export class UsageError extends DevshmError {
  override readonly name = 'UsageError'

  constructor(message: string, options: ErrorOptions = {}) {
    super('USAGE', message, options)
  }
}

/** Stable identifiers of failures; the list only ever grows. */
export type ErrorCode =
  | 'USAGE'
  | 'BUSY'
  | 'COMMAND_NOT_EXECUTABLE'
  | 'COMMAND_NOT_FOUND'
  | 'CONFIGURATION'
  | 'COPY_DAMAGED'
  | 'DATABASE_AMBIGUOUS'
  | 'DATABASE_NOT_FOUND'
  | 'DATABASE_UNUSABLE'
  | 'ELSEWHERE'
  | 'IN_USE'
  | 'IO'
  | 'LOCKED'
  | 'LOST'
  | 'INTERRUPTED'
  | 'NO_RAM'
  | 'NO_SETUP'
  | 'NO_SNAPSHOT'
  | 'NO_SPACE'
  | 'NO_VOLUME'
  | 'NOT_PERMITTED'
  | 'SERVER_NOT_READY'
  | 'STEP_FAILED'
  | 'UNSAFE_FOLDER'
  | 'UNSUPPORTED'
  | 'UNUSABLE_MOUNT_POINT'

// `Error.isError` and not `instanceof`: in a context of its own, as test runners make them, Node's errors are of another `Error`.

/** The message of anything that was thrown, for use inside another message. */
export function reasonOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error)
}

/** The `errno` name of a system error (`ENOENT`, `ENOSPC` …), or `undefined` for anything else. */
export function systemCodeOf(error: unknown): string | undefined {
  return Error.isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
