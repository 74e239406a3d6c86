import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPlayground, runSql, type Playground } from '../../support/playground.ts'

const APP = join(import.meta.dirname, 'app.py')
const ACCOUNTS = 50

/** A project that apps and commands are let loose on. */
export interface LoadedProject extends Playground {
  /** A command for an app with a file of its own to tell what it did. */
  app(habit: 'keep' | 'reopen', ...forSeconds: string[]): string[]
  /** What all of them have told. */
  told(): {
    readonly ids: readonly string[]
    readonly wrong: readonly string[]
    readonly counts: Record<string, number>
  }
}

export async function createLoadedProject(journalMode: string): Promise<LoadedProject> {
  const playground = await createPlayground()
  const folder = join(playground.cache, 'told')
  mkdirSync(folder)
  // A database and not SQL, so that building the template takes no longer than a copy.
  for (const path of ['db.sqlite3', 'set-up.sqlite3']) createAccounts(join(playground.folder, path), journalMode)
  const configuration = {
    databases: { default: { path: 'db.sqlite3' } },
    keepSnapshots: 100_000,
    env: { LOADED: '{path}' },
    setup: [{ run: 'cp set-up.sqlite3 "$LOADED"', inputs: ['set-up.sqlite3'] }],
  }
  writeFileSync(join(playground.folder, 'devshm.config.json'), JSON.stringify(configuration))
  let apps = 0
  return {
    ...playground,
    app: (habit, ...forSeconds) => {
      apps += 1
      return ['python3', APP, 'db.sqlite3', join(folder, String(apps)), habit, ...forSeconds]
    },
    told: () => {
      const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
      const counts: Record<string, number> = {}
      for (const [, word = '', count] of lines
        .filter((line) => line.startsWith('done '))
        .flatMap((line) => [...line.matchAll(/([a-z]+) (\d+)/g)])) {
        counts[word] = (counts[word] ?? 0) + Number(count)
      }
      return {
        ids: lines.filter((line) => line.startsWith('id ')).map((line) => line.slice(3)),
        wrong: lines.filter((line) => line.startsWith('wrong: ')),
        counts,
      }
    },
    [Symbol.asyncDispose]: () => playground[Symbol.asyncDispose](),
  }
}

function createAccounts(path: string, journalMode: string): void {
  runSql(
    path,
    `pragma journal_mode = ${journalMode};
    create table account (id integer primary key, balance integer not null);
    create table transfer (number integer primary key, id text);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ACCOUNTS})
    insert into account select i, 1000 from n`,
  )
}

/** The ids of the commits that a database has. @throws {Error} it is not whole */
export function idsIn(path: string): string[] {
  const [verdict] = runSql(path, 'pragma integrity_check')
  if (verdict?.['integrity_check'] !== 'ok') throw new Error(`${path}: ${JSON.stringify(verdict)}`)
  const [sums] = runSql(
    path,
    `select (select sum(balance) from account) as sum, (select count(*) from transfer) as transfers,
    (select coalesce(max(number), 0) from transfer) as last`,
  )
  if (sums?.['sum'] !== ACCOUNTS * 1000 || sums['transfers'] !== sums['last']) {
    throw new Error(`${path} is no state that was committed: ${JSON.stringify(sums)}`)
  }
  return runSql(path, 'select id from transfer').map(({ id }) => String(id))
}
