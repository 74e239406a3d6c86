import { existsSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type SessionEvent } from '../../src/session/events.ts'
import { contextOf } from '../session/support/in-process.ts'
import { openElsewhere, type OtherProgram } from '../support/other-program.ts'
import { liveOf, runSql } from '../support/playground.ts'
import { restoreIn } from './support/in-process.ts'
import { createLarge, expectTidy, fileOf, PLACES } from './support/large.ts'
import { shelf, words, write } from './support/shelf.ts'

/** In another process, which opens the database for that alone. */
async function commitElsewhere(path: string, statement: string): Promise<'committed' | 'refused'> {
  await using app = await openElsewhere(path)
  return await app.sql(statement).then(
    () => 'committed',
    () => 'refused',
  )
}

describe.each(PLACES)('a large database %s that nobody has open', (where) => {
  test.each(['overwrite:kept', 'overwrite:linked'] as const)(
    'that is opened at %s has its own file back, and is overwritten in place',
    async (moment) => {
      await using playground = await createLarge(where)
      const before = fileOf(playground)
      await using stack = new AsyncDisposableStack()
      let late: OtherProgram | undefined
      const context = contextOf(playground, async (step) => {
        if (step === moment) late ??= stack.use(await openElsewhere(playground.origin))
      })
      expect(await restoreIn(context, 'a')).toMatchObject({ changed: true, kept: '@before-restore-1' })
      expect(fileOf(playground)).toBe(before)
      expect(await late?.sql('select word from item')).toEqual([['one']])
      await late?.script(`insert into item values ('late')`)
      expect(words(playground.origin)).toEqual(['one', 'late'])
      expect(shelf(playground)['@before-restore-1']).toEqual(['two'])
      expectTidy(playground)
    },
  )

  test('that was written to while its new file was made keeps what was written as a snapshot', async () => {
    await using playground = await createLarge(where)
    const context = contextOf(playground)
    let wasWritten = false
    const engine: typeof context.engine = {
      ...context.engine,
      lockWriters: async (...args) => {
        if (!wasWritten) write(playground, 'late')
        wasWritten = true
        return await context.engine.lockWriters(...args)
      },
    }
    await restoreIn({ ...context, engine }, 'a')
    expect(words(playground.origin)).toEqual(['one'])
    const { '@attach': _, ...snapshots } = shelf(playground)
    expect(snapshots).toEqual({ a: ['one'], '@before-restore-1': ['late'] })
    expectTidy(playground)
  })

  test('that is written to while it is copied is overwritten in place, and nothing is called damaged', async () => {
    await using playground = await createLarge(where)
    const context = contextOf(playground)
    let wasWritten = false
    const engine: typeof context.engine = {
      ...context.engine,
      // Of the two copies, the one in RAM is checked first of all; on disk both are compared.
      [where === 'in RAM' ? 'verify' : 'haveSameContent']: async (path: string, ...args: [never, never]) => {
        const answer = await context.engine[where === 'in RAM' ? 'verify' : 'haveSameContent'](path, ...args)
        if (!wasWritten) write(playground, 'late')
        wasWritten = true
        return answer
      },
    }
    expect(await restoreIn({ ...context, engine }, 'a')).toMatchObject({ changed: true, kept: '@before-restore-1' })
    expect(words(playground.origin)).toEqual(['one'])
    const { '@attach': _, ...snapshots } = shelf(playground)
    expect(snapshots).toEqual({ a: ['one'], '@before-restore-1': ['late'] })
    expect(context.events).toEqual([])
    expectTidy(playground)
  })

  test.each(['overwrite:kept', 'overwrite:linked'] as const)(
    'that the user replaces at %s: the other file is kept as well',
    async (moment) => {
      await using playground = await createLarge(where)
      const path = where === 'in RAM' ? liveOf(playground.origin) : playground.origin
      const other = join(dirname(path), 'other.sqlite3')
      runSql(other, `create table item (word); insert into item values ('other')`)
      const context = contextOf(playground, (step) => {
        if (step === moment && existsSync(other)) renameSync(other, path)
      })
      await restoreIn(context, 'a')
      expect(words(playground.origin)).toEqual(['one'])
      expect(shelf(playground)['@before-restore-1']).toEqual(['other'])
      expectTidy(playground)
    },
  )

  test('that gets its own file back loses nothing that was committed to the new one until then', async () => {
    await using playground = await createLarge(where)
    const path = where === 'in RAM' ? liveOf(playground.origin) : playground.origin
    await using stack = new AsyncDisposableStack()
    let late: OtherProgram | undefined
    let isSwapped = false
    const context = contextOf(playground, async (step) => {
      if (step === 'overwrite:linked') late ??= stack.use(await openElsewhere(playground.origin))
      if (step === 'overwrite:swapped') isSwapped = true
    })
    let outcome: 'committed' | 'refused' | undefined
    const engine: typeof context.engine = {
      ...context.engine,
      findOpeners: async (wanted, options) => {
        const openers = await context.engine.findOpeners(wanted, options)
        // Opened and closed again right after everybody was asked.
        if (isSwapped && wanted === path) {
          outcome ??= await commitElsewhere(playground.origin, `insert into item values ('committed')`)
          if (outcome === 'committed') await late?.close()
        }
        return openers
      },
    }
    await restoreIn({ ...context, engine }, 'a')
    expect(outcome).toBeDefined()
    const found = [words(playground.origin), ...Object.values(shelf(playground))].flat()
    expect(found.includes('committed')).toBe(outcome === 'committed')
    expectTidy(playground)
  })

  test('that is open in both its files is done when the old one is closed, to which nobody can write', async () => {
    await using playground = await createLarge(where)
    await using stack = new AsyncDisposableStack()
    const opened: OtherProgram[] = []
    const fenced = Promise.withResolvers<SessionEvent>()
    const context = contextOf(playground, async (step) => {
      if (step !== 'overwrite:linked' && step !== 'overwrite:swapped') return
      opened.push(stack.use(await openElsewhere(playground.origin)))
    })
    const restoring = restoreIn({ ...context, report: fenced.resolve }, 'a')
    expect(await fenced.promise).toMatchObject({ type: 'fenced', openers: [{ pid: opened[0]?.pid }] })
    await expect(opened[0]?.script(`insert into item values ('lost')`)).rejects.toThrow(/locked|readonly/)
    await opened[1]?.script(`insert into item values ('new')`)
    await opened[0]?.close()
    expect(await restoring).toMatchObject({ changed: true, kept: '@before-restore-1' })
    expect(words(playground.origin)).toEqual(['one', 'new'])
    expect(shelf(playground)['@before-restore-1']).toEqual(['two'])
  })
})
