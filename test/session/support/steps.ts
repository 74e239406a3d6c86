import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { runSql, type Playground } from '../../support/playground.ts'

/** What {@link STEPS} make. */
export const STEP = 'create table made (id); insert into made values (7)'

/** What a step may do to "its" database, by SQLite through the path. */
export const STEPS: Readonly<Record<string, (path: string) => void>> = {
  writes: (path) => runSql(path, STEP),
  'writes in WAL mode': (path) => runSql(path, `pragma journal_mode = wal; ${STEP}`),
  'drops all tables first': (path) => runSql(path, `drop table if exists item; vacuum; ${STEP}`),
  'removes the file first': (path) => {
    for (const each of [path, `${path}-wal`, `${path}-journal`]) rmSync(each, { force: true })
    runSql(path, STEP)
  },
  'renames a new file over it': (path) => {
    runSql(`${path}.new`, STEP)
    renameSync(`${path}.new`, path)
  },
}

/** Nothing but the locks and the instructions stays. */
export function expectTidy(playground: Playground): void {
  expect(readdirSync(playground.folder).filter((name) => name !== 'db.sqlite3')).toEqual(['.devshm'])
  const store = join(playground.folder, '.devshm/db.sqlite3')
  expect(readdirSync(store).filter((name) => !/^(lock$|presence$|attachment|last-save|holder)/.test(name))).toEqual([
    'snapshots',
    'unfinished',
  ])
  expect(readdirSync(join(store, 'unfinished'))).toEqual([])
}
