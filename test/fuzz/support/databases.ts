import { mkdtempDisposableSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const SCHEMAS = [
  'create table t (a integer primary key, b text)',
  'pragma auto_vacuum = full; create table t (a); create index i on t (a); create table w (k primary key, v) without rowid',
  "pragma encoding = 'UTF-16le'; create table t (a, b as (a || '!') not null, check (a <> 'x'))",
  'create virtual table f using fts5 (x); create view v as select * from f; create table t (a)',
]

/** Small databases of every make, as bytes: one page is 512 of them, so that a change hits something. */
export function healthyDatabases(): Buffer[] {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'devshm-fuzz-made-'))
  return SCHEMAS.flatMap((schema, index) =>
    ['delete', 'wal'].map((mode) => {
      const path = join(folder.path, `${index}-${mode}`)
      const connection = new DatabaseSync(path)
      connection.exec(`pragma page_size = 512; ${schema}; pragma journal_mode = ${mode}`)
      for (let row = 0; row < 20; row += 1) connection.exec(`insert into t (a) values (${row})`)
      connection.close()
      return readFileSync(path)
    }),
  )
}
