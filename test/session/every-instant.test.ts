import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DevshmError } from '../../src/errors.ts'
import { createPlayground } from '../support/playground.ts'
import { attachIn, contextOf, detachIn } from './support/in-process.ts'

const SCRIPT = join(import.meta.dirname, 'support/read-tightly.script.ts')
const ROUNDS = 50

test.each(['delete', 'wal'])(
  'the path leads to the whole database at every instant of 50 attaches and detaches (%s)',
  { timeout: 120_000 },
  async (mode) => {
    await using playground = await createPlayground()
    playground.sql(`pragma journal_mode = ${mode}; create table item (id); insert into item values (1), (2), (3)`)
    const reader = fork(SCRIPT, [playground.origin, '3'], { execArgv: [] })
    await once(reader, 'message')
    const context = contextOf(playground)
    const rounds = { attached: 0, detached: 0 }
    const deadline = performance.now() + 100_000
    while (rounds.detached < ROUNDS && performance.now() < deadline) {
      // The reader comes and goes: now and then it has the file open whenever devshm looks.
      if (!(await succeeds(() => attachIn(context)))) continue
      rounds.attached += 1
      while (!(await detachIn(context)).detached);
      rounds.detached += 1
    }
    reader.send('stop')
    const [result] = (await once(reader, 'message')) as [{ reads: number; wrong: string[] }]

    expect(result.wrong).toEqual([])
    expect(result.reads).toBeGreaterThan(100)
    expect(rounds).toEqual({ attached: ROUNDS, detached: ROUNDS })
  },
)

async function succeeds(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    if (error instanceof DevshmError && (error.code === 'IN_USE' || error.code === 'BUSY')) return false
    throw error
  }
}
