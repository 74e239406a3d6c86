import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { History } from '../../../src/snapshot/history.ts'
import { runSql, type Outcome, type Playground } from '../../support/playground.ts'

/** A database with one table that holds the words given, at the playground's origin. */
export function write(playground: Pick<Playground, 'origin'>, ...words: string[]): void {
  const rows = words.map((word) => `insert into item values ('${word}')`)
  runSql(playground.origin, ['create table if not exists item (word)', 'delete from item', ...rows].join(';'))
}

/** The words that a database holds. */
export function words(path: string): string[] {
  return runSql(path, 'select word from item order by rowid').map(({ word }) => String(word))
}

function storeOf({ folder }: Pick<Playground, 'folder'>, ...parts: string[]): string {
  return join(folder, '.devshm/db.sqlite3', ...parts)
}

export function snapshotPathIn(playground: Pick<Playground, 'folder'>, name: string): string {
  return storeOf(playground, 'snapshots', `${name}.sqlite3`)
}

/** Every snapshot, with what it holds. */
export function shelf(playground: Pick<Playground, 'folder'>): Record<string, string[]> {
  const names = readdirSync(storeOf(playground, 'snapshots')).map((file) => file.replace(/\.sqlite3$/, ''))
  return Object.fromEntries(names.toSorted().map((name) => [name, words(snapshotPathIn(playground, name))]))
}

export function historyOf(playground: Pick<Playground, 'folder'>): History {
  return JSON.parse(readFileSync(storeOf(playground, 'history.json'), 'utf8')) as History
}

export function unfinishedIn(playground: Pick<Playground, 'folder'>): string[] {
  return readdirSync(storeOf(playground, 'unfinished'))
}

/** Run devshm, which must succeed, with `--json`; its events. */
export async function events(playground: Playground, ...args: string[]): Promise<Record<string, unknown>[]> {
  const { status, stderr } = await playground.devshm(...args, '--json')
  if (status !== 0) throw new Error(`devshm ${args.join(' ')} failed: ${stderr}`)
  return eventsIn({ stderr })
}

function eventsIn({ stderr }: Pick<Outcome, 'stderr'>): Record<string, unknown>[] {
  const lines = stderr.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}
