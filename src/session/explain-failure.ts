import { DevshmError } from '../errors.ts'
import { systemFailure } from '../fs/system-failure.ts'
import type { Places } from './places.ts'

const SQLITE_FULL = 13

/** What to do about a failure of SQLite, by primary result code. @see https://sqlite.org/rescode.html */
const SQLITE_HINTS: Readonly<Record<number, string>> = {
  8: 'the file or its folder is not writable for this user',
  10: 'the disk reports an error, or has no room',
  11: 'the database is damaged: `sqlite3 FILE .recover` saves what can be saved',
  13: 'there is no room left: free some space and try again',
  14: 'the file or its folder is gone, or not accessible for this user',
  26: 'the file is not a SQLite database, or it is encrypted',
}

/**
 * Do something with one database, or something else that `origin` names; failures of the system and of SQLite come out
 * as errors that name it and say what to do. Anything else is a bug, and passes as it is.
 */
export async function explainingFailures<T>({ origin }: Pick<Places, 'origin'>, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw explain(origin, error)
  }
}

function explain(origin: string, error: unknown): unknown {
  if (error instanceof DevshmError || !(error instanceof Error)) return error
  if ('errcode' in error && typeof error.errcode === 'number') {
    const code = error.errcode & 0xff
    const hint = SQLITE_HINTS[code] ?? 'see whether `sqlite3 FILE "pragma integrity_check"` accepts it'
    return new DevshmError(code === SQLITE_FULL ? 'NO_SPACE' : 'IO', `SQLite refuses ${origin}: ${error.message}`, {
      hint,
      cause: error,
    })
  }
  return systemFailure(error, origin) ?? error
}
