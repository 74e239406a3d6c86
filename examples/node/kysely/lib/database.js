import Database from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'

export function openDatabase(path) {
  return new Kysely({ dialect: new SqliteDialect({ database: new Database(path) }) })
}
