import { existsSync, linkSync, lstatSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, isLink, type Playground } from '../support/playground.ts'
import { connectElsewhere, type ConnectionElsewhere } from './support/connect-elsewhere.ts'
import { contextOf } from './support/in-process.ts'
import { fingerprintOf, lendIn, targetIn } from './support/lend.ts'
import { expectTidy, STEP, STEPS } from './support/steps.ts'

const DATABASE = 'create table item (id); insert into item values (1)'

async function withDatabase(mode = 'delete'): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql(`pragma journal_mode = ${mode}; ${DATABASE}`)
  return playground
}

describe.each(['delete', 'wal'])('of a database on disk (%s)', (mode) => {
  test.each(Object.keys(STEPS))(
    'a step that %s makes the private database; the original is untouched',
    async (name) => {
      await using playground = await withDatabase(mode)
      const [target, before] = [await targetIn(playground), fingerprintOf(playground.origin)]
      await lendIn(contextOf(playground), target, () => {
        expect(readlinkSync(playground.origin)).toBe(target)
        STEPS[name]?.(playground.origin)
      })
      expect(fingerprintOf(playground.origin)).toEqual(before)
      expect(playground.sql('select * from item')).toEqual([{ id: 1 }])
      expect(playground.sql('select * from made', target)).toEqual([{ id: 7 }])
      expectTidy(playground)
    },
  )

  test('what a crashed program left beside it is in the original before a step runs, and not in what the step makes', async () => {
    await using playground = await withDatabase(mode)
    const crashed = await connectElsewhere(playground.origin)
    const commit = mode === 'wal' ? '' : '; pragma cache_size = 1; begin; insert into item select randomblob(9000)'
    await crashed.query(`insert into item values (2)${commit}`)
    await crashed.kill()
    const target = await targetIn(playground)
    await lendIn(contextOf(playground), target, () => {
      expect(readdirSync(playground.folder).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual([])
      rmSync(playground.origin)
      playground.sql(STEP)
    })
    expect(playground.sql('select * from item')).toEqual([{ id: 1 }, { id: 2 }])
    expect(playground.sql('select name from sqlite_schema', target)).toEqual([{ name: 'made' }])
  })

  test('while somebody has it open nothing is touched, and they are named', async () => {
    await using playground = await withDatabase(mode)
    await using app = await connectElsewhere(playground.origin)
    const before = fingerprintOf(playground.origin)
    const lent = lendIn(contextOf(playground), await targetIn(playground), () => undefined)
    await expect(lent).rejects.toMatchObject({ code: 'IN_USE', message: expect.stringContaining(`pid ${app.pid}`) })
    expect(fingerprintOf(playground.origin)).toEqual(before)
    await app.query('insert into item values (2)')
    expect(playground.sql('select * from item')).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('somebody who opens it in the last moment keeps it, and no step runs', async () => {
    await using playground = await withDatabase(mode)
    await using stack = new AsyncDisposableStack()
    let opened: ConnectionElsewhere | undefined
    const context = contextOf(playground, async (step) => {
      if (step === 'lent:kept') opened = stack.use(await connectElsewhere(playground.origin))
    })
    const error: unknown = await lendIn(context, await targetIn(playground), () => expect.unreachable()).catch(
      (error: unknown) => error,
    )
    expect(error).toMatchObject({ code: 'IN_USE', message: expect.stringContaining(`pid ${opened?.pid}`) })
    // They and whoever comes next share one log.
    await opened?.query('insert into item values (2)')
    expect(playground.sql('select * from item')).toEqual([{ id: 1 }, { id: 2 }])
    playground.sql('insert into item values (3)')
    expect(await opened?.query('select count(*) as n from item')).toEqual([{ n: 3 }])
    expect(lstatSync(playground.origin).nlink).toBe(1)
    expect(existsSync(contextOf(playground).places.original)).toBe(false)
  })
})

test('a step that removes the database leaves none, and one that fails leaves the original as well', async () => {
  await using playground = await withDatabase()
  const [target, before] = [await targetIn(playground), fingerprintOf(playground.origin)]
  await lendIn(contextOf(playground), target, () => {
    playground.sql(STEP)
    rmSync(playground.origin)
  })
  expect(existsSync(target)).toBe(false)
  const failing = lendIn(contextOf(playground), target, () => {
    rmSync(playground.origin)
    playground.sql(STEP)
    throw new Error('no such module')
  })
  await expect(failing).rejects.toThrow('no such module')
  expect(playground.sql('select * from made', target)).toEqual([{ id: 7 }])
  expect(fingerprintOf(playground.origin)).toEqual(before)
  expectTidy(playground)
})

test.each(['delete', 'wal'])(
  'what a process that the step left behind has open is said, and the original is back all the same (%s)',
  async (mode) => {
    await using playground = await withDatabase()
    const before = fingerprintOf(playground.origin)
    await using stack = new AsyncDisposableStack()
    for (const isReplaced of mode === 'wal' ? [false, true] : [true]) {
      let daemon: ConnectionElsewhere | undefined
      const lent = lendIn(contextOf(playground), await targetIn(playground), async () => {
        if (isReplaced) rmSync(playground.origin)
        playground.sql(`pragma journal_mode = ${mode}; ${STEP}`)
        daemon = stack.use(await connectElsewhere(playground.origin))
        await daemon.query('insert into made values (8)')
      })
      const error: unknown = await lent.catch((error: unknown) => error)
      expect(error).toMatchObject({ code: 'IN_USE', message: expect.stringContaining(`pid ${daemon?.pid}`) })
      expect(fingerprintOf(playground.origin)).toEqual(before)
      await daemon?.query('insert into made values (9)').catch(() => undefined)
      await daemon?.close()
      expect(fingerprintOf(playground.origin)).toEqual(before)
      expect(playground.sql('select * from item')).toEqual([{ id: 1 }])
    }
  },
)

test('where there was nothing there is nothing afterwards', async () => {
  await using playground = await createPlayground()
  const target = await targetIn(playground)
  for (const step of Object.values(STEPS)) {
    await lendIn(contextOf(playground), target, () => step(playground.origin))
    expect(readdirSync(playground.folder)).toEqual(['.devshm'])
    expect(playground.sql('select * from made', target)).toEqual([{ id: 7 }])
    rmSync(target)
  }
})

test('what is no database, or left from elsewhere, is refused before anything is touched', async () => {
  await using playground = await createPlayground()
  const target = await targetIn(playground)
  writeFileSync(playground.origin, 'my notes, and they are longer than that')
  await expect(lendIn(contextOf(playground), target, () => undefined)).rejects.toMatchObject({
    code: 'DATABASE_UNUSABLE',
  })
  rmSync(playground.origin)
  playground.sql(DATABASE)
  linkSync(playground.origin, join(playground.folder, 'other-name'))
  // A second name of the user's own is neither in the way nor lost.
  const before = fingerprintOf(playground.origin)
  await lendIn(contextOf(playground), target, () => playground.sql(STEP))
  expect(fingerprintOf(playground.origin)).toEqual(before)
  const { original } = contextOf(playground).places
  writeFileSync(original, '')
  await expect(lendIn(contextOf(playground), target, () => undefined)).rejects.toMatchObject({
    message: expect.stringContaining(original),
  })
  expect(isLink(playground.origin)).toBe(false)
  expect(dirname(original)).toBe(playground.folder)
})
