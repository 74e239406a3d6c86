import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { settleHistory } from '../../src/snapshot/settle-history.ts'
import { contextOf } from '../session/support/in-process.ts'
import { restoreIn } from './support/in-process.ts'
import { createLarge, expectTidy, PLACES } from './support/large.ts'
import { historyOf, shelf, snapshotPathIn, words } from './support/shelf.ts'

const SCRIPT = join(import.meta.dirname, 'support/die-while-overwriting.script.ts')

describe.each(PLACES)('a large database %s that nobody has open', (where) => {
  test.each(['overwrite:kept', 'overwrite:linked', 'overwrite:swapped', 'overwrite:done'])(
    'is what it was or what it was to be after kill -9 at %s, and every snapshot is right',
    async (step) => {
      await using playground = await createLarge(where)
      const { origin, volume } = playground
      const { status } = await playground.command(process.execPath, SCRIPT, origin, volume, 'a', step)
      expect(status).toBe(-1)
      const isDone = step === 'overwrite:swapped' || step === 'overwrite:done'
      const context = contextOf(playground)
      for (const _ of ['once', 'again']) {
        await locked(context, async () => settleHistory(context, await recover(context)))
        expect(words(origin)).toEqual(isDone ? ['one'] : ['two'])
        const { '@attach': _, ...snapshots } = shelf(playground)
        expect(snapshots).toEqual({ a: ['one'], ...(isDone && { '@before-restore-1': ['two'] }) })
        expect(historyOf(playground).overwritten?.snapshot).toBe(isDone ? '@before-restore-1' : undefined)
        if (isDone) expect(statSync(snapshotPathIn(playground, '@before-restore-1')).mode & 0o777).toBe(0o600)
        expectTidy(playground)
      }
    },
  )
})

test('a later file that got the number of the one that was to be swapped in is not taken for it', async () => {
  await using playground = await createLarge('on disk')
  const { origin, volume } = playground
  await playground.command(process.execPath, SCRIPT, origin, volume, 'a', 'overwrite:linked')
  const context = contextOf(playground)
  await locked(context, () => recover(context))
  const { pending, ...history } = historyOf(playground)
  const { dev, ino, birthtimeNs } = statSync(origin, { bigint: true })
  const swapped = `${dev}:${ino}:${birthtimeNs + 1n}`
  writeFileSync(
    join(playground.folder, '.devshm/db.sqlite3/history.json'),
    JSON.stringify({ ...history, pending: { ...pending, swapped } }),
  )
  await locked(context, async () => settleHistory(context, await recover(context)))
  expect(historyOf(playground)).toEqual(history)
})

test('a history that was tampered with takes away no snapshot of the user', async () => {
  await using playground = await createLarge('on disk')
  await restoreIn(contextOf(playground), 'a')
  const { base } = historyOf(playground)
  const overwritten = { snapshot: 'a', by: 'restore', at: '' }
  writeFileSync(
    join(playground.folder, '.devshm/db.sqlite3/history.json'),
    JSON.stringify({ pending: { base, overwritten, isOwn: true } }),
  )
  const context = contextOf(playground)
  await locked(context, async () => settleHistory(context, await recover(context)))
  expect(historyOf(playground).pending).toBeUndefined()
  expect(Object.keys(shelf(playground))).toContain('a')
})

test('a database that is left with two names by a kill -9 can be attached: the second one is no snapshot', async () => {
  await using playground = await createLarge('on disk')
  const { origin, volume } = playground
  await playground.command(process.execPath, SCRIPT, origin, volume, 'a', 'overwrite:linked')
  expect(statSync(origin).nlink).toBe(2)
  const outcome = await playground.devshm('run', '--', 'true')
  expect(outcome).toMatchObject({ status: 0 })
  expect([words(origin), Object.keys(shelf(playground))]).toEqual([['two'], ['a']])
})
