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

export const name = 'connections'

/** What Django and most frameworks do for each request. */
export async function run(bench: Bench): Promise<Report> {
  using place = createPlace()
  const count = bench.isQuick ? 200 : 2000
  const contenders = await writers(bench, place, { script: 'connect-for-each.py', count, withMemory: false })
  const results = await bench.measure(contenders)
  return {
    title: `${count.toLocaleString('en')} requests as Django makes them`,
    about: [
      'Each connects, selects a row, inserts one and closes. With nobody else connected a WAL database sets its log up and\n' +
        'removes it each time; devshm keeps a connection open while the app works, so that it does not. `:memory:` cannot do\n' +
        'this at all: each connection would have a database of its own.',
      SLOW_DISK_NOTE,
    ],
    tables: writersTables(contenders, results, 'one request'),
    plots: [
      {
        kind: 'dots',
        file: 'connections.svg',
        title: 'One request: connect, select, insert, close',
        unit: 'µs',
        rows: writersRows(contenders, results),
      },
    ],
    goals: [
      atLeast('`devshm run`, faster than disk', 5, faster(results, AS_IS, DISK)),
      atLeast('`--journal wal`, faster than by hand', 1, faster(results, WAL, HAND)),
    ],
  }
}
