import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createPlayground, liveOf, type Playground } from '../support/playground.ts'
import { connectElsewhere } from './support/connect-elsewhere.ts'
import { attachIn, contextOf } from './support/in-process.ts'
import { lendIn, targetIn } from './support/lend.ts'
import { expectTidy, STEPS } from './support/steps.ts'

async function withDatabase(): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql('create table item (id); insert into item values (1)')
  return playground
}

test('in RAM, none of these steps touches live, which its holder keeps open', async () => {
  await using playground = await withDatabase()
  expect((await playground.devshm('attach', '--journal', 'wal')).status).toBe(0)
  playground.sql('insert into item values (2)')
  const [live, target] = [liveOf(playground.origin), await targetIn(playground)]
  for (const step of Object.values(STEPS)) {
    await lendIn(contextOf(playground), target, () => step(playground.origin))
    expect(liveOf(playground.origin)).toBe(live)
    expect(playground.sql('select * from item')).toEqual([{ id: 1 }, { id: 2 }])
    expect(playground.sql('select * from made', target)).toEqual([{ id: 7 }])
    rmSync(target)
  }
  expectTidy(playground)
})

test('in RAM, an app that has live open is named, before and in the last moment', async () => {
  await using playground = await withDatabase()
  const { attachment } = await attachIn(contextOf(playground))
  for (const moment of ['before', 'lent:recorded']) {
    await using stack = new AsyncDisposableStack()
    const open = async (): Promise<void> => void stack.use(await connectElsewhere(playground.origin))
    if (moment === 'before') await open()
    const context = contextOf(playground, async (step) => {
      expect(moment).not.toBe('before')
      if (step === moment) await open()
    })
    const lent = lendIn(context, await targetIn(playground), () => expect.unreachable())
    await expect(lent).rejects.toMatchObject({ code: 'IN_USE' })
    expect(liveOf(playground.origin)).toBe(attachment.live)
    expectTidy(playground)
  }
})
