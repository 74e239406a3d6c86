import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createPlayground, inodeAt, isLink, liveOf, type Playground } from '../support/playground.ts'
import { connectElsewhere, type ConnectionElsewhere } from './support/connect-elsewhere.ts'
import { attachIn, contextOf, detachIn } from './support/in-process.ts'
import { liveFilesIn } from './support/live-files.ts'

const ROUNDS = [
  ['delete', 'opened and never queried'],
  ['delete', 'queried'],
  ['wal', 'opened and never queried'],
  ['wal', 'queried'],
] as const

describe.each(ROUNDS)('a connection (%s mode, %s) opened after the first look', (mode, use) => {
  async function prepare(): Promise<Playground> {
    const playground = await createPlayground()
    playground.sql(`pragma journal_mode = ${mode}; create table item (id); insert into item values (1)`)
    return playground
  }

  async function openLate(playground: Playground): Promise<ConnectionElsewhere> {
    const late = await connectElsewhere(playground.origin)
    if (use === 'queried') await late.query('select * from item')
    return late
  }

  test('has the swap undone: the path is the original file, nothing is in RAM, and the error names it', async () => {
    await using playground = await prepare()
    const inode = inodeAt(playground.origin)
    await using stack = new AsyncDisposableStack()
    const opened: ConnectionElsewhere[] = []
    const context = contextOf(playground, async (step) => {
      if (step === 'attach:copied') opened.push(stack.use(await openLate(playground)))
    })
    const [attempt] = await Promise.allSettled([attachIn(context)])
    const [late] = opened
    if (late === undefined) throw new Error('the step was not reached')

    expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'IN_USE' } })
    expect(String(attempt.status === 'rejected' && attempt.reason)).toContain(`(pid ${late.pid})`)
    expect(isLink(playground.origin)).toBe(false)
    expect(inodeAt(playground.origin)).toBe(inode)
    expect(liveFilesIn(playground)).toEqual([])
    // What it writes is where everybody looks for it.
    await late.query('insert into item values (2)')
    await late.close()
    expect(playground.sql('select count(*) as rows from item')).toEqual([{ rows: 2 }])
    expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])
    // And nothing of the attempt is in the way of the next one.
    await attachIn(contextOf(playground))
    expect(playground.sql('select count(*) as rows from item')).toEqual([{ rows: 2 }])
  })

  test('cannot write to the old file once live is in use as well: it fails instead of vanishing', async () => {
    await using playground = await prepare()
    await using stack = new AsyncDisposableStack()
    const opened: ConnectionElsewhere[] = []
    const context = contextOf(playground, async (step) => {
      if (step === 'attach:copied') opened.push(stack.use(await openLate(playground)))
      if (step === 'attach:swapped') opened.push(stack.use(await connectElsewhere(playground.origin)))
    })
    const { fence, attachment } = await attachIn(context)
    using _fence = fence
    const [late, app] = opened
    if (late === undefined || app === undefined || fence === undefined) throw new Error('the steps were not reached')

    expect(liveOf(playground.origin)).toBe(attachment.live)
    expect(fence.openers.map(({ pid }) => pid)).toEqual([late.pid])
    expect(context.events).toContainEqual(expect.objectContaining({ type: 'fenced' }))
    await app.query('insert into item values (2)')
    await expect(late.query('insert into item values (3)')).rejects.toThrow(/locked|readonly|moved/)
    expect(await fence.releaseIfClosed()).toBe(false)
    await expect(late.query('insert into item values (3)')).rejects.toThrow(/locked|readonly|moved/)
    await late.close()
    expect(await fence.releaseIfClosed()).toBe(true)

    await app.close()
    expect(await detachIn(contextOf(playground))).toMatchObject({ detached: true, changed: true })
    expect(playground.sql('select id from item')).toEqual([{ id: 1 }, { id: 2 }])
    expect(readdirSync(playground.folder).toSorted()).toEqual(['.devshm', 'db.sqlite3'])
  })
})

test('a write to live between the swap and the undoing is kept: the undoing does not happen', async () => {
  await using playground = await createPlayground()
  playground.sql('create table item (id)')
  await using stack = new AsyncDisposableStack()
  const context = contextOf(playground, async (step) => {
    if (step === 'attach:copied') stack.use(await connectElsewhere(playground.origin))
    // Opened, written and closed again: only the commit shows.
    if (step === 'attach:undoing') playground.sql('insert into item values (1)')
  })
  const { fence } = await attachIn(context)
  using _fence = fence
  expect(fence).toBeDefined()
  expect(playground.sql('select id from item')).toEqual([{ id: 1 }])
})

test('a file that replaces the origin in the window stays, and the attach gives up', async () => {
  await using playground = await createPlayground()
  playground.sql('create table item (id)')
  playground.sql('create table other (id)', `${playground.origin}.new`)
  const context = contextOf(playground, async (step) => {
    if (step === 'attach:kept') await playground.command('mv', 'db.sqlite3.new', 'db.sqlite3')
  })
  await expect(attachIn(context)).rejects.toMatchObject({ code: 'IN_USE' })
  expect(playground.sql('select name from sqlite_schema')).toEqual([{ name: 'other' }])
  expect(liveFilesIn(playground)).toEqual([])
})
