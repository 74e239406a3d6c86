import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const COLUMNS_A_TABLE = 4

/** So many migrations: a table, and then a column of it at a time, with an index here and a row there. */
export function writeMigrations(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true })
  for (let number = 0; number < count; number += 1) {
    const table = `thing_${Math.floor(number / COLUMNS_A_TABLE)}`
    const step = number % COLUMNS_A_TABLE
    const sql =
      step === 0
        ? `create table ${table} (id integer primary key, name text not null unique)`
        : `alter table ${table} add column field_${step} integer not null default ${step}; ` +
          `create index ${table}_${step} on ${table} (field_${step}); ` +
          `insert into ${table} (name) values ('row ${step}')`
    writeFileSync(join(folder, `${String(number).padStart(4, '0')}.sql`), sql)
  }
}

/** What a migration tool does: each that is pending in a transaction of its own, and noted. */
export function migrate(path: string, folder: string, synchronous?: string): void {
  const connection = new DatabaseSync(path)
  if (synchronous !== undefined) connection.exec(`pragma synchronous = ${synchronous}`)
  connection.exec('create table if not exists migration (name text primary key)')
  const done = new Set(
    connection
      .prepare('select name from migration')
      .all()
      .map(({ name }) => name),
  )
  const note = connection.prepare('insert into migration values (?)')
  for (const name of readdirSync(folder).toSorted()) {
    if (done.has(name)) continue
    connection.exec('begin')
    connection.exec(readFileSync(join(folder, name), 'utf8'))
    note.run(name)
    connection.exec('commit')
  }
  connection.close()
}
