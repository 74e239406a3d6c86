import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { linkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { createPlayground, eventually, runSql } from './support/playground.ts'

const WRITER = join(import.meta.dirname, 'support/transfers.py')
/** `DEVSHM_LONG=1` for ten minutes. */
const DURATION_MS = process.env['DEVSHM_LONG'] === undefined ? 10_000 : 600_000
const ACCOUNTS = 200
const BALANCE = 1_000

describe.concurrent('while a writer keeps an invariant and save and status run in a loop', () => {
  test.for(['keep', 'wal'] as const)(
    'every copy on disk holds it and is not older than its save, with --journal %s',
    { timeout: DURATION_MS + 120_000 },
    async (journal, { onTestFinished }) => {
      const project = await createPlayground()
      onTestFinished(() => project[Symbol.asyncDispose]())
      project.sql(`
        create table account (id integer primary key, balance integer);
        with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ACCOUNTS})
        insert into account select i, ${BALANCE} from n;
        create table transfer (number integer primary key, giver integer, taker integer, amount integer, padding blob)
      `)
      expect((await project.devshm('attach', '--journal', journal)).status).toBe(0)
      const writer = spawn('python3', [WRITER, project.origin], { stdio: ['pipe', 'pipe', 'inherit'] })
      onTestFinished(async () => {
        writer.stdin.end()
        await ended(writer)
      })
      let committed = 0
      createInterface(writer.stdout).on('line', (line) => {
        committed = Number(line)
      })
      await eventually('the writer writes', () => committed > 0)

      const deadline = performance.now() + DURATION_MS
      const problems: unknown[] = []
      const saves = async (): Promise<number> => {
        let number = 0
        for (; performance.now() < deadline || number < 4; number += 1) {
          const begun = committed
          await eventually('the writer goes on', () => committed > begun)
          const before = committed
          const { status, stderr } = await project.devshm('save')
          if (status !== 0 || !stderr.startsWith('devshm: saved db.sqlite3 (')) problems.push({ status, stderr })
          const copy = join(project.folder, 'copy.saved')
          linkSync(join(project.folder, '.devshm/db.sqlite3/last-save.sqlite3'), copy)
          problems.push(...problemsOf(copy, before, journal))
          rmSync(copy)
        }
        return number
      }
      const statuses = async (): Promise<void> => {
        while (performance.now() < deadline) {
          const { state } = await project.status()
          if (state !== 'in-ram') problems.push({ state })
        }
      }
      const [number] = await Promise.all([saves(), statuses()])
      expect(problems).toEqual([])
      expect(number).toBeGreaterThanOrEqual(4)

      writer.stdin.end()
      await ended(writer)
      expect((await project.devshm('detach')).status).toBe(0)
      expect(problemsOf(project.origin, committed, journal)).toEqual([])
    },
  )
})

/** What is wrong with a copy that was saved when `committed` transfers had been told. */
function problemsOf(copy: string, committed: number, journal: string): unknown[] {
  const [facts] = runSql(
    copy,
    `select (select integrity_check from pragma_integrity_check) as integrity, (select sum(balance) from account) as sum,
      (select count(*) from transfer) as transfers, (select ifnull(max(number), 0) from transfer) as last`,
  )
  const { integrity, sum, transfers, last } = facts ?? {}
  const isGood = integrity === 'ok' && sum === ACCOUNTS * BALANCE && transfers === last && Number(last) >= committed
  return isGood ? [] : [{ copy, committed, journal, ...facts }]
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
