import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSql } from '../../../support/playground.ts'
import type { CrashCase } from '../crash-case.ts'
import type { Place } from '../place.ts'
import type { Target } from '../shim.ts'

export const MODES = ['delete', 'wal'] as const
export type Mode = (typeof MODES)[number]

type Next = Pick<CrashCase, 'next' | 'rewrites' | 'isAnswerSame'>

/** It leaves a mark, by which a holder learns that it was called. */
export const DETACH_AFTER: Next = { next: ['detach'], rewrites: /sqlite3\/detached$/ }

export const SAVE_AFTER: Next = { next: ['save'], rewrites: /last-save\.json$/ }

/** It settles what is pending of an overwriting, and notes when it was taken. */
export const SNAPSHOT_AFTER: Next = {
  next: ['snapshot', 'after', '--force'],
  rewrites: /snapshots\/after\.sqlite3$|history\.json$/,
}

/** Run devshm, which must succeed. */
export async function ok(place: Place, ...args: string[]): Promise<void> {
  const { status, stderr } = await place.devshm(...args)
  if (status !== 0) throw new Error(`devshm ${args.join(' ')}: ${stderr}`)
}

export function make({ origin }: Pick<Place, 'origin'>, mode: Mode, word: string): void {
  runSql(origin, `pragma journal_mode = ${mode}; create table item (word); insert into item values ('${word}')`)
}

/** So large that it is swapped while it is closed; with large pages, so that it is written in few calls. */
export function makeLarge({ origin }: Pick<Place, 'origin'>, word: string): void {
  const rows = `insert into item values ('${word}'), (randomblob(4300000))`
  runSql(origin, `pragma page_size = 65536; create table item (word); ${rows}`)
}

export function change({ origin }: Pick<Place, 'origin'>, word: string): void {
  runSql(origin, `update item set word = '${word}' where rowid = 1`)
}

export async function attached(place: Place, mode: Mode): Promise<void> {
  make(place, mode, 'one')
  await ok(place, 'attach')
  await place.endHolders()
}

/** What a power cut leaves of the volume. */
export async function losePower(place: Place): Promise<void> {
  await place.endHolders()
  for (const name of readdirSync(place.roots.volume)) {
    rmSync(join(place.roots.volume, name), { recursive: true, force: true })
  }
}

/** Run a command that is killed. */
export async function killedAt(place: Place, args: readonly string[], at: Target): Promise<void> {
  const { calls } = await place.record(args, at)
  if (calls.every(({ happened }) => happened === 'done')) throw new Error(`not killed: ${args.join(' ')}`)
  await place.endHolders()
}

/** A project that is set up in two steps, by the shell of SQLite. */
export function makeSetup({ roots }: Pick<Place, 'roots'>): void {
  const write = (path: string, text: string): void => {
    mkdirSync(join(roots.project, path, '..'), { recursive: true })
    writeFileSync(join(roots.project, path), text)
  }
  const step = (file: string): object => ({ run: `sqlite3 -bail "$APP_DB" < ${file}`, inputs: [file] })
  write('setup/1.sql', 'create table item (word);')
  write('setup/2.sql', "insert into item values ('made');")
  const setup = ['setup/1.sql', 'setup/2.sql'].map(step)
  write(
    'devshm.config.json',
    JSON.stringify({ databases: { main: { path: 'db.sqlite3' } }, env: { APP_DB: '{path}' }, setup }),
  )
}

/** What tests find in their clone. */
export const TEST_AFTER: Next = {
  next: ['test', '--', 'sh', '-c', 'sqlite3 "$DEVSHM_CLONE_1" "select word from item"'],
  isAnswerSame: true,
}

export function unmount(path: string): void {
  try {
    execFileSync('umount', ['--lazy', path], { stdio: 'ignore' })
  } catch {
    // Nothing is mounted there.
  }
}
