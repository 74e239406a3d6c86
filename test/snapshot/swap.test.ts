import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { showPresence } from '../../src/engine/sqlite/file-lock.ts'
import { ownIdentity } from '../../src/process/identity.ts'
import { locked } from '../../src/session/locked.ts'
import { recover } from '../../src/session/recover.ts'
import { contextOf, detachIn } from '../session/support/in-process.ts'
import { canMount } from '../session/support/mounts.ts'
import { openElsewhere } from '../support/other-program.ts'
import { inodeAt, liveOf, runSql } from '../support/playground.ts'
import { resetIn, restoreIn, undoIn } from './support/in-process.ts'
import { createLarge, expectTidy, fileOf, PLACES, settled } from './support/large.ts'
import { shelf, snapshotPathIn, words, write } from './support/shelf.ts'

describe.each(PLACES)('a large database %s that nobody has open', (where) => {
  test('gets another file in its place, with its permissions; undo and redo bring back either', async () => {
    await using playground = await createLarge(where)
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
    await using playground = await createLarge(where)
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
    await using playground = await createLarge(where)
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
    await using playground = await createLarge(where, 'wal')
    const before = fileOf(playground)
    await restoreIn(contextOf(playground), 'a')
    expect(fileOf(playground)).toBe(before)
    expect(words(playground.origin)).toEqual(['one'])
  })
})

test('a snapshot that somebody made the same file as the database is not removed for that', async () => {
  await using playground = await createLarge('on disk')
  await restoreIn(contextOf(playground), 'a')
  rmSync(playground.origin)
  linkSync(snapshotPathIn(playground, 'a'), playground.origin)
  const context = contextOf(playground)
  await locked(context, () => recover(context))
  expect(Object.keys(shelf(playground))).toContain('a')
})

test('a database in RAM that another container holds too is overwritten in place: its apps cannot be seen', async () => {
  await using playground = await createLarge('in RAM')
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

test('a database with another name, or that is mounted by itself, stays the same file', async () => {
  await using playground = await createLarge('on disk')
  const before = fileOf(playground)
  linkSync(playground.origin, join(playground.folder, 'other-name'))
  await settled()
  await restoreIn(contextOf(playground), 'a')
  expect([fileOf(playground), words(join(playground.folder, 'other-name'))]).toEqual([before, ['one']])
  if (!canMount()) return

  await using mounted = await createLarge('on disk')
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
