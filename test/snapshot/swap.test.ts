import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { showPresence } from '../../src/engine/sqlite/file-lock.ts'
import { ownIdentity } from '../../src/process/identity.ts'
import type { SessionEvent } from '../../src/session/events.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { settleHistory } from '../../src/snapshot/settle-history.ts'
import { attachIn, contextOf, detachIn } from '../session/support/in-process.ts'
import { canMount } from '../session/support/mounts.ts'
import { openElsewhere, type OtherProgram } from '../support/other-program.ts'
import { createPlayground, inodeAt, liveOf, runSql, type Playground } from '../support/playground.ts'
import { resetIn, restoreIn, snapshotIn, undoIn } from './support/in-process.ts'
import { historyOf, shelf, snapshotPathIn, unfinishedIn, words, write } from './support/shelf.ts'

const PLACES = ['on disk', 'in RAM'] as const
const SCRIPT = join(import.meta.dirname, 'support/die-while-overwriting.script.ts')

/** A database that is large enough to be swapped, with a snapshot `a` of `one`; it holds `two`. */
async function prepare(where: (typeof PLACES)[number], journal = 'delete'): Promise<Playground> {
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
async function settled(): Promise<void> {
  await sleep(60)
}

const fileOf = (playground: Playground): number => statSync(playground.origin).ino

/** In another process, which opens the database for that alone. */
async function commitElsewhere(path: string, statement: string): Promise<'committed' | 'refused'> {
  await using app = await openElsewhere(path)
  return await app.sql(statement).then(
    () => 'committed',
    () => 'refused',
  )
}

function expectTidy(playground: Playground): void {
  expect(unfinishedIn(playground)).toEqual([])
  expect(playground.inRam().filter((file) => /stage|overwrite|fresh|second|journal/.test(file))).toEqual([])
  expect(historyOf(playground).pending).toBeUndefined()
  expect(statSync(playground.origin).nlink).toBe(1)
  expect(playground.sql('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
}

describe.each(PLACES)('a large database %s that nobody has open', (where) => {
  test('gets another file in its place, with its permissions; undo and redo bring back either', async () => {
    await using playground = await prepare(where)
    const context = contextOf(playground)
    const before = fileOf(playground)
    expect(await restoreIn(context, 'a')).toMatchObject({ changed: true, kept: '@before-restore-1' })
    expect(fileOf(playground)).not.toBe(before)
    expect(statSync(playground.origin).mode & 0o777).toBe(0o640)
    const kept = snapshotPathIn(playground, '@before-restore-1')
    expect(statSync(kept)).toMatchObject({ mode: 0o100600, nlink: 1 })
    // On disk nothing is copied for it.
    if (where === 'on disk') expect(inodeAt(kept)).toBe(before)
    expect(words(playground.origin)).toEqual(['one'])
    expectTidy(playground)

    await settled()
    expect(await restoreIn(context, 'a')).toMatchObject({ changed: false })
    expect(await undoIn(context)).toMatchObject({ changed: true, kept: 'a' })
    expect(words(playground.origin)).toEqual(['two'])
    await undoIn(context)
    expect(words(playground.origin)).toEqual(['one'])
    // A snapshot that was put back is a file of its own.
    write(playground, 'three')
    const { '@attach': _, ...snapshots } = shelf(playground)
    expect(snapshots).toEqual({ a: ['one'], '@before-restore-1': ['two'] })
    expectTidy(playground)
    if (where === 'in RAM') await detachIn(context)
    expect(words(playground.origin)).toEqual(['three'])
  })

  test('keeps a rollback journal, whatever the new content has, and takes its page size', async () => {
    await using playground = await prepare(where)
    const template = join(playground.folder, 'template')
    runSql(template, `pragma page_size = 8192; pragma journal_mode = wal; create table item (word)`)
    const before = fileOf(playground)
    await resetIn(contextOf(playground), template)
    expect(fileOf(playground)).not.toBe(before)
    expect(playground.sql('pragma journal_mode')).toEqual([{ journal_mode: 'delete' }])
    expect(playground.sql('pragma page_size')).toEqual([{ page_size: 8192 }])
    expect(shelf(playground)['@before-reset-1']).toEqual(['two'])
  })

  test('is overwritten in place as soon as anybody has it open, or has just written to it', async () => {
    await using playground = await prepare(where)
    const before = fileOf(playground)
    await using app = await openElsewhere(playground.origin)
    await restoreIn(contextOf(playground), 'a')
    expect(await app.sql('select word from item')).toEqual([['one']])
    await app.close()
    write(playground, 'three')
    // As if no time had passed since, however busy the machine is.
    const soon = new Date(Date.now() + 60_000)
    utimesSync(playground.origin, soon, soon)
    await restoreIn(contextOf(playground), 'a')
    expect(fileOf(playground)).toBe(before)
    expect(words(playground.origin)).toEqual(['one'])
  })

  test('with a log is overwritten in place: of that, an idle connection would go on with the old file', async () => {
    await using playground = await prepare(where, 'wal')
    const before = fileOf(playground)
    await restoreIn(contextOf(playground), 'a')
    expect(fileOf(playground)).toBe(before)
    expect(words(playground.origin)).toEqual(['one'])
  })

  test.each(['overwrite:kept', 'overwrite:linked'] as const)(
    'that is opened at %s has its own file back, and is overwritten in place',
    async (moment) => {
      await using playground = await prepare(where)
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
    await using playground = await prepare(where)
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
    await using playground = await prepare(where)
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
      await using playground = await prepare(where)
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
    await using playground = await prepare(where)
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
    await using playground = await prepare(where)
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

  test.each(['overwrite:kept', 'overwrite:linked', 'overwrite:swapped', 'overwrite:done'])(
    'is what it was or what it was to be after kill -9 at %s, and every snapshot is right',
    async (step) => {
      await using playground = await prepare(where)
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
  await using playground = await prepare('on disk')
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
  await using playground = await prepare('on disk')
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

test('a snapshot that somebody made the same file as the database is not removed for that', async () => {
  await using playground = await prepare('on disk')
  await restoreIn(contextOf(playground), 'a')
  rmSync(playground.origin)
  linkSync(snapshotPathIn(playground, 'a'), playground.origin)
  const context = contextOf(playground)
  await locked(context, () => recover(context))
  expect(Object.keys(shelf(playground))).toContain('a')
})

test('a database in RAM that another container holds too is overwritten in place: its apps cannot be seen', async () => {
  await using playground = await prepare('in RAM')
  const leases = join(dirname(liveOf(playground.origin)), 'leases')
  mkdirSync(leases, { recursive: true })
  using _lock = await showPresence(join(leases, '1-1.lock'))
  const lease = {
    ...ownIdentity(),
    pid: 1,
    startedAt: '1',
    kind: 'run',
    command: 'app',
    since: '',
    pidNamespace: 'pid:[1]',
  }
  writeFileSync(join(leases, '1-1.json'), JSON.stringify(lease))
  const before = fileOf(playground)
  await restoreIn(contextOf(playground), 'a')
  expect([fileOf(playground), words(playground.origin)]).toEqual([before, ['one']])
})

test('a database that is left with two names by a kill -9 can be attached: the second one is no snapshot', async () => {
  await using playground = await prepare('on disk')
  const { origin, volume } = playground
  await playground.command(process.execPath, SCRIPT, origin, volume, 'a', 'overwrite:linked')
  expect(statSync(origin).nlink).toBe(2)
  const outcome = await playground.devshm('run', '--', 'true')
  expect(outcome).toMatchObject({ status: 0 })
  expect([words(origin), Object.keys(shelf(playground))]).toEqual([['two'], ['a']])
})

test('a database with another name, or that is mounted by itself, stays the same file', async () => {
  await using playground = await prepare('on disk')
  const before = fileOf(playground)
  linkSync(playground.origin, join(playground.folder, 'other-name'))
  await settled()
  await restoreIn(contextOf(playground), 'a')
  expect([fileOf(playground), words(join(playground.folder, 'other-name'))]).toEqual([before, ['one']])
  if (!canMount()) return

  await using mounted = await prepare('on disk')
  const path = join(mounted.folder, 'mounted')
  writeFileSync(path, '')
  execFileSync('mount', ['--bind', mounted.origin, path])
  try {
    await restoreIn(contextOf(mounted), 'a')
    expect(words(path)).toEqual(['one'])
  } finally {
    execFileSync('umount', ['-l', path])
  }
})
