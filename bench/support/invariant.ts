import { closeSync, openSync, readSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const ROWS = 200
const PADDING = 3000

/** The database of `write-invariant.py`. */
export function makeInvariantDatabase(path: string, journal: 'delete' | 'wal'): void {
  const connection = new DatabaseSync(path)
  connection.exec(`
    pragma journal_mode = ${journal};
    create table leaf (id integer primary key, number integer not null, padding blob not null);
    create table counter (number integer not null);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ROWS})
    insert into leaf select i, 0, randomblob(${PADDING}) from n;
    insert into counter values (0);
  `)
  connection.close()
}

/** The number of the last transaction that the writer knows to be committed. */
export class Acknowledged implements Disposable {
  readonly #file: number
  readonly #bytes = Buffer.alloc(8)

  constructor(path: string) {
    this.#file = openSync(path, 'r')
  }

  read(): bigint {
    readSync(this.#file, this.#bytes, 0, 8, 0)
    return this.#bytes.readBigInt64LE()
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

export type Verdict = 'whole' | 'torn' | 'stale'

/**
 * What a copy that was begun when `acknowledged` was committed turned out to be; the copy is removed. Torn: SQLite cannot
 * read it, finds it damaged, or it holds a part of a transaction. Stale: it lacks what was acknowledged.
 */
export function judge(copy: string, acknowledged: bigint): Verdict {
  try {
    using connection = new DatabaseSync(copy)
    const { integrity_check: integrity } = connection.prepare('pragma integrity_check').get() ?? {}
    const { least, most, counter } = connection.prepare(NUMBERS).get() ?? {}
    if (integrity !== 'ok' || least !== most || most !== counter) return 'torn'
    return BigInt(Number(counter)) < acknowledged ? 'stale' : 'whole'
  } catch {
    return 'torn'
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${copy}${suffix}`, { force: true })
  }
}

const NUMBERS =
  'select min(number) as least, max(number) as most, (select number from counter) as counter from leaf where id % 5 = 0'
