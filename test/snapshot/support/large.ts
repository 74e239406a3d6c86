import { chmodSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { attachIn, contextOf } from '../../session/support/in-process.ts'
import { createPlayground, runSql, type Playground } from '../../support/playground.ts'
import { snapshotIn } from './in-process.ts'
import { historyOf, unfinishedIn, write } from './shelf.ts'

export const PLACES = ['on disk', 'in RAM'] as const

/** A database that is large enough to be swapped, with a snapshot `a` of `one`; it holds `two`. */
export async function createLarge(where: (typeof PLACES)[number], journal = 'delete'): Promise<Playground> {
  const playground = await createPlayground()
  const context = contextOf(playground)
  runSql(
    playground.origin,
    `pragma journal_mode = ${journal}; create table item (word); create table filler (content);
     insert into filler values (zeroblob(4000000))`,
  )
  write(playground, 'one')
  chmodSync(playground.origin, 0o640)
  if (where === 'in RAM') await attachIn(context)
  await snapshotIn(context, 'a')
  write(playground, 'two')
  await settled()
  return playground
}

/** What was written in this very moment may be written to again with no new time: it is overwritten in place. */
export async function settled(): Promise<void> {
  await sleep(60)
}

/** By its number: a swap changes it. */
export const fileOf = (playground: Playground): number => statSync(playground.origin).ino

export function expectTidy(playground: Playground): void {
  expect(unfinishedIn(playground)).toEqual([])
  expect(playground.inRam().filter((file) => /stage|overwrite|fresh|second|journal/.test(file))).toEqual([])
  expect(historyOf(playground).pending).toBeUndefined()
  expect(statSync(playground.origin).nlink).toBe(1)
  expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
}
