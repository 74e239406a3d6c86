import { reasonOf } from '../../errors.ts'
import type { ContentFacts, Verdict } from '../engine.ts'
import { boundValues, connect, numberOf, valueOf, type Connection } from './connection.ts'
import { sqliteCodeOf } from './busy.ts'

/**
 * Open a private file, count its pages and let SQLite walk its structure. Blocking: about a millisecond a megabyte.
 *
 * `quick_check` refuses healthy databases: a CHECK constraint may call a function, an index may need a collation and a
 * table a module that only the app has, and a stored violation of a CHECK reads as damage. So an unsound verdict is
 * not yet damage; the caller compares with the source.
 *
 * @see https://sqlite.org/pragma.html#pragma_quick_check
 */
export function checkStructure(path: string, expected: ContentFacts): Verdict {
  const verdict = lookIn(path, expected, () => true)
  if (verdict === undefined) throw new Error(`${path} was not checked`)
  return verdict
}

/** The same, unless something in its schema may make it take long: then `undefined`, and nothing was checked. */
export function checkStructureIfBrief(path: string, expected: ContentFacts): Verdict | undefined {
  return lookIn(path, expected, (connection) => !mayComputeColumns(connection))
}

/**
 * `quick_check` computes the generated columns of each row, and whoever wrote the schema decides what that takes. The word
 * is looked for and not the syntax, which comments could hide.
 */
function mayComputeColumns(connection: Connection): boolean {
  const tables = connection.prepare(`select sql from sqlite_schema where type = 'table'`).all()
  return tables.some(({ sql }) => typeof sql === 'string' && /\bas\b/i.test(sql))
}

function lookIn(
  path: string,
  expected: ContentFacts,
  isWanted: (connection: Connection) => boolean,
): Verdict | undefined {
  try {
    const connection = connect(path, 'private')
    try {
      boundValues(connection, expected.pageCount * expected.pageSize)
      const pages = numberOf(connection, 'pragma page_count')
      if (pages !== expected.pageCount) return unsound(`it has ${pages} pages instead of ${expected.pageCount}`)
      if (pages === 0) return { sound: true }
      const pageSize = numberOf(connection, 'pragma page_size')
      if (pageSize !== expected.pageSize) return unsound(`its page size is ${pageSize} instead of ${expected.pageSize}`)
      if (!isWanted(connection)) return undefined
      connection.exec('pragma ignore_check_constraints = on')
      const answer = valueOf(connection, 'pragma quick_check(1)')
      return answer === 'ok' ? { sound: true } : unsound(String(answer))
    } finally {
      connection.close()
    }
  } catch (error) {
    if (sqliteCodeOf(error) === undefined) throw error
    return unsound(reasonOf(error))
  }
}

function unsound(reason: string): Verdict {
  return { sound: false, reason }
}
