import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, DEVSHM, isLink, type Playground } from '../support/playground.ts'
import { connectElsewhere, type ConnectionElsewhere } from './support/connect-elsewhere.ts'
import { attachIn, contextOf, detachIn } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'

const LAST_SAVE = '.devshm/db.sqlite3/last-save.sqlite3'

async function withDatabase(mode: string): Promise<Playground> {
  const playground = await createPlayground()
  playground.sql(`pragma journal_mode = ${mode}; create table item (id); insert into item values (1)`)
  return playground
}

describe.each(['delete', 'wal'])('while a process still has the database open (%s)', (mode) => {
  test('detach exits 1 and names it; the database is saved and stays in RAM', async () => {
    await using playground = await withDatabase(mode)
    await playground.devshm('attach')
    await using app = await connectElsewhere(playground.origin)
    await app.query('insert into item values (2)')
    const { ino } = lstatSync(playground.origin)

    const { status, stderr } = await playground.devshm('detach')
    expect(status).toBe(1)
    // Not even tried: it is still the very link.
    expect(lstatSync(playground.origin).ino).toBe(ino)
    expect(stderr).toContain(`(pid ${app.pid})`)
    expect(isLink(playground.origin)).toBe(true)
    expect(playground.sql('select id from item', join(playground.folder, LAST_SAVE))).toEqual([{ id: 1 }, { id: 2 }])
    // It goes on as before, and nothing is lost when it comes to an end after all.
    await app.query('insert into item values (3)')
    await app.close()
    expect((await playground.devshm('detach')).status).toBe(0)
    expect(isLink(playground.origin)).toBe(false)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  test.each([0, 7])(
    'run returns the command’s own status (%i), names it, and leaves the database saved in RAM',
    async (own) => {
      await using playground = await withDatabase(mode)
      await using stack = new AsyncDisposableStack()
      const running = playground.start(...DEVSHM, 'run', '--', 'sh', '-c', `echo up; read answer; exit ${own}`)
      await running.waitFor(/^up$/m)
      const app = stack.use(await connectElsewhere(playground.origin))
      await app.query('insert into item values (2)')
      running.process.stdin?.write('\n')

      expect(await running.exit).toBe(own)
      expect(running.output).toContain(`(pid ${app.pid}), so it stays in RAM; it is saved`)
      expect(isLink(playground.origin)).toBe(true)
      expect(playground.sql('select id from item', join(playground.folder, LAST_SAVE))).toEqual([{ id: 1 }, { id: 2 }])
    },
  )

  // In these moments the origin is to become a file, is one, or live has gone already.
  const moments = ['detach:locked', 'detach:saved', 'detach:recorded', 'detach:swapped'] as const
  test.each(moments)('an opener that comes at %s makes it go back, and loses nothing', async (moment) => {
    await using playground = await withDatabase(mode)
    const { attachment } = await attachIn(contextOf(playground))
    playground.sql('insert into item values (2)')
    await using stack = new AsyncDisposableStack()
    const late: ConnectionElsewhere[] = []
    const context = contextOf(playground, async (step) => {
      // By the path that it found when it looked, before the link went.
      if (step === moment) late.push(stack.use(await connectElsewhere(attachment.live)))
    })
    const outcome = await detachIn(context)
    const [app] = late
    if (app === undefined) throw new Error('the step was not reached')
    expect(outcome).toMatchObject({ detached: false, openers: [{ pid: app.pid }] })
    expect(isLink(playground.origin)).toBe(true)
    await app.query('insert into item values (3)')
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])

    await app.close()
    expect(await detachIn(contextOf(playground))).toMatchObject({ detached: true, changed: true })
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
    expect(liveFilesIn(playground)).toEqual([])
    expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])
  })

  test.each(['detach:locked', 'detach:saved'] as const)(
    'an opener that comes at %s is seen before the path is touched: a kill -9 would leave it on a live of no path',
    async (moment) => {
      await using playground = await withDatabase(mode)
      const { attachment } = await attachIn(contextOf(playground))
      const { ino } = lstatSync(playground.origin)
      await using stack = new AsyncDisposableStack()
      const steps: string[] = []
      const context = contextOf(playground, async (step) => {
        steps.push(step)
        if (step === moment) stack.use(await connectElsewhere(attachment.live))
      })
      expect(await detachIn(context)).toMatchObject({ detached: false })
      expect(steps).not.toContain('detach:swapped')
      expect(lstatSync(playground.origin).ino).toBe(ino)
    },
  )

  test('when both the old and the new file are in use, the old one stays locked until it is closed', async () => {
    await using playground = await withDatabase(mode)
    const { attachment } = await attachIn(contextOf(playground))
    playground.sql('insert into item values (2)')
    await using stack = new AsyncDisposableStack()
    const refused: unknown[] = []
    const context = contextOf(playground, async (step) => {
      if (step === 'detach:recorded') stack.use(await connectElsewhere(attachment.live))
      if (step !== 'detach:undoing') return
      const app = stack.use(await connectElsewhere(playground.origin))
      await app.query('insert into item values (3)')
    })
    const report = context.report
    const watched = {
      ...context,
      report: (event: Parameters<typeof report>[0]) => {
        report(event)
        // It waits for this process to close the old file.
        if (event.type === 'fenced') refused.push(stack.disposeAsync())
      },
    }
    expect(await detachIn(watched)).toMatchObject({ detached: true })
    expect(context.events).toContainEqual(expect.objectContaining({ type: 'fenced' }))
    await Promise.all(refused)
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })
})

test('an opener of an absent origin’s live database keeps it in RAM too', async () => {
  await using playground = await createPlayground()
  const { attachment } = await attachIn(contextOf(playground))
  await using stack = new AsyncDisposableStack()
  const context = contextOf(playground, async (step) => {
    if (step === 'detach:recorded') stack.use(await connectElsewhere(attachment.live))
  })
  expect(await detachIn(context)).toMatchObject({ detached: false })
  expect(isLink(playground.origin)).toBe(true)
  playground.sql('create table item (id)')
})
