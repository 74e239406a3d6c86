import { setImmediate as otherWork } from 'node:timers/promises'
import type { CommitTimes, CommitTiming } from '../engine.ts'
import type { Connection } from './connection.ts'
import { connectAsApp } from './for-tests.ts'

/** After so many milliseconds of commits the event loop has its turn: signals, timers, the keeper of a log. */
const SLICE_MS = 10

const PREPARE = `
  create table if not exists devshm_bench (id integer primary key, page text);
  insert or ignore into devshm_bench (id, page) values (1, '/')`
const INSERT = 'insert into devshm_bench (page) values (?)'
const SELECT = 'select page from devshm_bench where id = ?'

/** See {@link Engine.timeCommits}. */
export async function timeCommits(path: string, { each, forMs, signal }: CommitTiming): Promise<CommitTimes> {
  const connection = connectAsApp(path)
  try {
    connection.exec(PREPARE)
    if (each === 'commit') return await repeat(committing(connection), forMs, signal)
  } finally {
    connection.close()
  }
  return await repeat((number) => serveRequest(path, number), forMs, signal)
}

function committing(connection: Connection): (number: number) => void {
  const insert = connection.prepare(INSERT)
  return (number) => insert.run(`/page/${number}`)
}

/** What most web frameworks do for a request. */
function serveRequest(path: string, number: number): void {
  const connection = connectAsApp(path)
  try {
    connection.prepare(SELECT).get(1)
    connection.prepare(INSERT).run(`/page/${number}`)
  } finally {
    connection.close()
  }
}

async function repeat(action: (number: number) => void, forMs: number, signal: AbortSignal): Promise<CommitTimes> {
  let count = 0
  let ms = 0
  do {
    const started = performance.now()
    let sliceMs: number
    do {
      action(count)
      count += 1
      sliceMs = performance.now() - started
    } while (sliceMs < SLICE_MS)
    ms += sliceMs
    await otherWork()
    signal.throwIfAborted()
  } while (ms < forMs)
  return { count, ms }
}
