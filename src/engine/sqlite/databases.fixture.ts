import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'

/** A temporary folder for databases. */
export interface Place extends Disposable {
  readonly folder: string
  path(name: string): string
}

export const JOURNAL_MODES = ['delete', 'wal'] as const

/** A folder on disk, or in RAM for what is large. */
export function createPlace(where: 'disk' | 'ram' = 'disk'): Place {
  const folder = mkdtempSync(join(where === 'ram' ? '/dev/shm' : tmpdir(), 'devshm-engine-'))
  return {
    folder,
    path: (name) => join(folder, name),
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Run statements on a database, created if need be, and close it again. */
export function createDatabase(path: string, script: string): string {
  const connection = new DatabaseSync(path)
  try {
    connection.exec(script)
  } finally {
    connection.close()
  }
  return path
}

/** A table `items` with so many rows of about a kilobyte. */
export function itemsScript(rows: number, journalMode: 'delete' | 'wal' = 'delete'): string {
  return `pragma journal_mode = ${journalMode};
    create table items (id integer primary key, body text not null, filler blob);
    create index items_by_body on items (body);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${rows})
      insert into items select i, 'item ' || i, randomblob(1000) from n where i <= ${rows};`
}

/** The first value of a query on a database that nobody else needs to be kept from. */
export function ask(path: string, sql: string): SQLOutputValue | undefined {
  const connection = new DatabaseSync(path)
  try {
    const row = connection.prepare(sql).get()
    return row === undefined ? undefined : Object.values(row)[0]
  } finally {
    connection.close()
  }
}

/** Change one byte of a closed file. */
export function flipByte(path: string, offset: number): void {
  const file = openSync(path, 'r+')
  try {
    const byte = Buffer.alloc(1)
    readSync(file, byte, 0, 1, offset)
    byte.writeUInt8(byte.readUInt8() ^ 0xff)
    writeSync(file, byte, 0, 1, offset)
  } finally {
    closeSync(file)
  }
}
