import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { settleHistory } from '../../src/snapshot/settle-history.ts'
import { attachIn, contextOf } from '../session/support/in-process.ts'
import { openElsewhere } from '../support/other-program.ts'
import { createPlayground, runSql, type Playground } from '../support/playground.ts'
import { snapshotIn, restoreIn, undoIn } from './support/in-process.ts'
import { historyOf, shelf, snapshotPathIn, unfinishedIn, words, write } from './support/shelf.ts'

const SCRIPT = join(import.meta.dirname, 'support/die-while-overwriting.script.ts')

function argumentsFor({ origin, volume }: Playground, action: string, deadly: string): string[] {
  return [SCRIPT, origin, volume, action, deadly]
}

function expectTidy(playground: Playground): void {
  expect(unfinishedIn(playground)).toEqual([])
  expect(playground.inRam().filter((file) => /stage|overwrite|journal/.test(file))).toEqual([])
  expect(historyOf(playground).pending).toBeUndefined()
  expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
}

describe.each(['on disk', 'in RAM'])('a database %s', (where) => {
  describe.each(['delete', 'wal'])('in %s mode', (mode) => {
    test.each([
      ['a restore', 'overwrite:kept'],
      ['a restore', 'overwrite:done'],
      ['an undo', 'overwrite:kept'],
      ['an undo', 'overwrite:done'],
    ])('%s killed at %s is done or not, and undo is of what really was overwritten', async (action, step) => {
      await using playground = await createPlayground()
      const context = contextOf(playground)
      playground.sql(`pragma journal_mode = ${mode}`)
      write(playground, 'one')
      if (where === 'in RAM') await attachIn(context)
      await snapshotIn(context, 'a')
      write(playground, 'two')
      await restoreIn(context, 'a')
      write(playground, 'three')
      const args = argumentsFor(playground, action === 'an undo' ? 'undo' : 'a', step)
      const { status, stderr } = await playground.command(process.execPath, ...args)
      expect({ status, stderr }).toEqual({ status: -1, stderr: '' })
      const isDone = step === 'overwrite:done'
      const after = action === 'an undo' ? ['two'] : ['one']
      expect(words(playground.origin)).toEqual(isDone ? after : ['three'])

      const settle = (): Promise<void> => locked(context, async () => settleHistory(context, await recover(context)))
      await settle()
      expectTidy(playground)
      const { '@attach': _, ...snapshots } = shelf(playground)
      const taken = action === 'an undo' ? '@before-undo-1' : '@before-restore-2'
      expect(snapshots).toEqual({ a: ['one'], '@before-restore-1': ['two'], ...(isDone && { [taken]: ['three'] }) })
      const history = historyOf(playground)
      expect(history.overwritten?.snapshot).toBe(isDone ? taken : '@before-restore-1')
      await settle()
      expect([historyOf(playground), shelf(playground)]).toEqual([
        history,
        { ...snapshots, ...(_ && { '@attach': _ }) },
      ])
      await undoIn(context)
      expect(words(playground.origin)).toEqual(isDone ? ['three'] : ['two'])
    })
  })
})

const ROUNDS = Number(process.env['DEVSHM_ROUNDS'] ?? 10)

/** About 25 MB, of which every row says which state it belongs to. */
function fill(playground: Playground, state: string): void {
  const rows = `with recursive n (i) as (select 1 union all select i + 1 from n where i < 6000)
    insert into item select '${state}', zeroblob(4000) from n`
  runSql(playground.origin, `create table if not exists item (word, filler); delete from item; ${rows}`)
}

test.each([
  ['delete', 'open in an app'],
  ['wal', 'open in an app'],
  ['delete', 'open nowhere, so swapped'],
])(
  'killed at any moment of a long overwriting: one state or the other, whole, and every snapshot whole (%s, %s)',
  { timeout: 30_000 + ROUNDS * 10_000 },
  async (mode, use) => {
    await using playground = await createPlayground()
    const context = contextOf(playground)
    playground.sql(`pragma journal_mode = ${mode}`)
    const states = ['old', 'new'] as const
    for (const state of states) {
      fill(playground, state)
      if (state === 'old') await attachIn(context)
      await snapshotIn(context, state)
    }
    await using app = use === 'open in an app' ? await openElsewhere(playground.origin) : undefined
    expect(app?.pid).not.toBe(0)
    const stateOf = (path: string): unknown => runSql(path, 'select word, count(*) as rows from item group by word')
    const seen = new Set<unknown>()
    for (let round = 0; round < ROUNDS / 3; round += 1) {
      const wanted = String((stateOf(playground.origin) as { word: string }[])[0]?.word) === 'old' ? 'new' : 'old'
      const doomed = playground.start(process.execPath, ...argumentsFor(playground, wanted, 'during'))
      await doomed.waitFor(/kept/)
      await sleep((round * 37) % 60)
      doomed.process.kill('SIGKILL')
      await doomed.exit
      const [state, ...others] = stateOf(playground.origin) as { word: string; rows: number }[]
      expect(others).toEqual([])
      expect(state).toMatchObject({ word: expect.stringMatching(/^(old|new)$/) as string, rows: 6000 })
      seen.add(state?.word)
      await locked(context, async () => settleHistory(context, await recover(context)))
      // A journal that is not begun yet means nothing to SQLite, and stays until the next write.
      playground.sql(`pragma user_version = ${round + 1}`)
      expectTidy(playground)
    }
    for (const state of states) {
      expect(stateOf(snapshotPathIn(playground, state))).toEqual([{ word: state, rows: 6000 }])
    }
  },
)

test.each([
  ['delete', 'overwrite:kept', 'two'],
  ['wal', 'overwrite:kept', 'two'],
  ['delete', 'overwrite:done', 'three'],
  ['wal', 'overwrite:done', 'three'],
])('in %s mode, after a kill at %s, undo brings back %s, whatever is written before', async (mode, step, word) => {
  await using playground = await createPlayground()
  const context = contextOf(playground)
  playground.sql(`pragma journal_mode = ${mode}`)
  write(playground, 'one')
  await snapshotIn(context, 'a')
  write(playground, 'two')
  await restoreIn(context, 'a')
  write(playground, 'three')
  const { status } = await playground.command(process.execPath, ...argumentsFor(playground, 'a', step))
  expect(status).toBe(-1)
  write(playground, 'four')
  await undoIn(context)
  expect(words(playground.origin)).toEqual([word])
  expect(Object.values(shelf(playground)).flat().toSorted()).toEqual(['four', 'one', 'three', 'two'])
  expectTidy(playground)
})
