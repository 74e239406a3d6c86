import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runSql } from './playground.ts'

const SCRIPT = join(import.meta.dirname, 'ledger.py')

const ACCOUNTS = 50
const BALANCE = 1000

/** See ledger.py: a command for a writer that opens the database once, or anew for every commit. */
export function ledgerWriter(database: string, told: string, habit: 'keep' | 'reopen'): string[] {
  return ['python3', SCRIPT, database, told, habit]
}

export function createLedger(path: string, journalMode: string): void {
  runSql(
    path,
    `pragma journal_mode = ${journalMode};
    create table account (id integer primary key, balance integer not null);
    create table transfer (number integer primary key, giver, taker, amount);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ACCOUNTS})
    insert into account select i, ${BALANCE} from n`,
  )
}

/**
 * The number of the last commit in a ledger.
 *
 * @throws {Error} it is not one state that was committed, whole
 */
export function lastNumberIn(path: string): number {
  // SQLite would create it.
  if (!existsSync(path)) throw new Error(`${path} is not there`)
  const [found] = runSql(
    path,
    `select
      (select sum(balance) from account) as sum,
      (select count(*) from account) as accounts,
      (select count(*) from transfer) as transfers,
      (select coalesce(max(number), 0) from transfer) as number,
      (select group_concat(integrity_check) from pragma_integrity_check) as verdict`,
  )
  const wanted = { sum: ACCOUNTS * BALANCE, accounts: ACCOUNTS, transfers: found?.['number'], verdict: 'ok' }
  for (const [key, value] of Object.entries(wanted)) {
    if (found?.[key] !== value) throw new Error(`${path} is no state that was committed: ${JSON.stringify(found)}`)
  }
  return Number(found?.['number'])
}

export interface Told {
  /** The number of the last commit that has returned. */
  readonly acknowledged: number
  /** Of the writer that was started last. */
  readonly pid: number | undefined
  readonly wrong: readonly string[]
}

/** What writers have said so far. */
export function readTold(told: string): Told {
  if (!existsSync(told)) return { acknowledged: 0, pid: undefined, wrong: [] }
  // What follows the last end of a line is being written.
  const lines = readFileSync(told, 'utf8').split('\n').slice(0, -1)
  const pid = lines.findLast((line) => line.startsWith('pid '))
  return {
    acknowledged: Number(lines.findLast((line) => /^\d+$/.test(line)) ?? 0),
    pid: pid === undefined ? undefined : Number(pid.slice(4)),
    wrong: lines.filter((line) => !/^(pid )?\d+$/.test(line)),
  }
}
