import { createPlace } from '../support/place.ts'
import { atLeast, type Report } from '../support/report.ts'
import type { Bench } from '../support/suite.ts'
import {
  AS_IS,
  DISK,
  faster,
  HAND,
  SLOW_DISK_NOTE,
  WAL,
  writers,
  writersRows,
  writersTables,
} from '../support/writers.ts'

export const name = 'inserts'

/** A script that commits row by row on one connection: what waits for the disk most. */
export async function run(bench: Bench): Promise<Report> {
  using place = createPlace()
  const count = bench.isQuick ? 500 : 5000
  const contenders = await writers(bench, place, { script: 'insert-one-by-one.py', count, withMemory: true })
  const results = await bench.measure(contenders)
  return {
    title: `${count.toLocaleString('en')} inserts on one connection`,
    about: [
      'Python, `sqlite3`, each insert a transaction of its own, journal mode and `synchronous` as they are by default\n' +
        '(DELETE and FULL) unless it says WAL. The first column is what the app feels; the whole command includes the start\n' +
        'of Python, and of devshm, which attaches, saves and detaches. libeatmydata, synchronous=off and the files by hand wait\n' +
        'for no disk: a power cut takes the last of it, all of it, or corrupts it.',
      SLOW_DISK_NOTE,
    ],
    tables: writersTables(contenders, results, 'one insert'),
    plots: [
      {
        kind: 'dots',
        file: 'inserts.svg',
        title: 'One insert, committed, on one connection',
        unit: 'µs',
        rows: writersRows(contenders, results),
      },
    ],
    goals: [
      atLeast('`devshm run`, faster than disk', 10, faster(results, AS_IS, DISK)),
      atLeast('`--journal wal`, faster than disk', 40, faster(results, WAL, DISK)),
      atLeast('`--journal wal`, faster than by hand', 4, faster(results, WAL, HAND)),
    ],
  }
}
