import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { attachIn, contextOf } from '../../test/session/support/in-process.ts'
import { createPlayground, runSql, type Playground } from '../../test/support/playground.ts'
import type { Engine } from '../engine/engine.ts'
import { sqliteEngine } from '../engine/sqlite/index.ts'
import type { SessionEvent } from './events.ts'
import { save } from './save.ts'
import { writeOut } from './write-out.ts'

interface Written {
  readonly to: string
  readonly events: SessionEvent[]
}

/** Writes out a stage of one table, with an engine of which parts are replaced. */
async function writeOutIn(playground: Playground, parts: Partial<Engine>): Promise<Written> {
  const stage = join(playground.folder, 'stage.sqlite3')
  const to = join(playground.folder, 'written.sqlite3')
  runSql(stage, 'create table item (word)')
  const events: SessionEvent[] = []
  const context = {
    ...contextOf(playground),
    engine: { ...sqliteEngine, ...parts },
    report: (event: SessionEvent) => events.push(event),
  }
  using pinned = await sqliteEngine.pin(stage)
  await writeOut(context, stage, to, pinned)
  return { to, events }
}

test('a copy is what was checked, with its permissions', async () => {
  await using playground = await createPlayground()
  const { to, events } = await writeOutIn(playground, {})
  expect(runSql(to, 'select name from sqlite_schema')).toEqual([{ name: 'item' }])
  expect(statSync(to).mode).toBe(statSync(join(playground.folder, 'stage.sqlite3')).mode)
  expect(events).toEqual([])
})

test('a copy with other bytes than were checked is damaged, whatever they are', async () => {
  await using playground = await createPlayground()
  // The disk loses a byte while the stage is still being checked.
  const haveSameContent: Engine['haveSameContent'] = async (stage, written) => {
    writeFileSync(written, 'x', { flag: 'r+' })
    return await sqliteEngine.haveSameContent(stage, written)
  }
  await expect(writeOutIn(playground, { haveSameContent })).rejects.toMatchObject({ code: 'COPY_DAMAGED' })
})

test('a faithful copy of what SQLite cannot vouch for is good, and is reported', async () => {
  await using playground = await createPlayground()
  const verify: Engine['verify'] = async () => ({ sound: false, reason: 'no such function: regexp' })
  expect((await writeOutIn(playground, { verify })).events).toMatchObject([
    { type: 'inherited-fault', reason: 'no such function: regexp' },
  ])
})

test('when one half fails, the other has ended as well, and the last save is as it was', async () => {
  await using playground = await createPlayground()
  runSql(playground.origin, 'create table item (word)')
  const context = contextOf(playground)
  const { attachment } = await attachIn(context)
  runSql(playground.origin, 'create table another (word)')
  let isChecked = false
  const broken: Engine = {
    ...sqliteEngine,
    verify: async (...args) => {
      // Long after the comparison failed: nothing tells when the save has heard of that.
      await sleep(100)
      const verdict = await sqliteEngine.verify(...args)
      isChecked = verdict.sound
      return verdict
    },
    haveSameContent: async () => false,
  }
  await expect(save({ ...context, engine: broken }, attachment)).rejects.toMatchObject({ code: 'COPY_DAMAGED' })
  expect([isChecked, existsSync(context.places.lastSave)]).toEqual([true, false])
  expect((await save(context, attachment)).wrote).toBe(true)
})
