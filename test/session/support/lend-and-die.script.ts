import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { runSql } from '../../support/playground.ts'
import { contextOf } from './in-process.ts'
import { lendIn, targetIn } from './lend.ts'

/**
 * Lends the path of a database to a build and is killed, as by a power cut of this process alone, when it reaches the
 * step `deadly`. At `never` it stays in the action until it is ended from outside. The action replaces the link if `what`
 * is `replaced`; with `wait` it waits for a word on standard input before it swaps.
 */
const [origin = '', volume = '', deadly = '', what = ''] = process.argv.slice(2)
const context = contextOf({ origin, volume }, async (step) => {
  if (step === deadly) process.kill(process.pid, 'SIGKILL')
  if (step !== 'lent:kept' || what !== 'wait') return
  console.log('kept')
  await once(process.stdin, 'data')
})
await lendIn(context, await targetIn({ volume }), async () => {
  if (what === 'replaced') rmSync(origin)
  runSql(origin, 'create table half_made (id)')
  if (deadly !== 'never') return
  console.log('building')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
})
