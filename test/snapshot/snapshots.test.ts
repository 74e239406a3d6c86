import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openElsewhere } from '../support/other-program.ts'
import { createPlayground } from '../support/playground.ts'
import { events, shelf, snapshotPathIn, unfinishedIn, words, write } from './support/shelf.ts'

describe.each(['on disk', 'in RAM'])('a database %s', (where) => {
  test.each(['delete', 'wal'])('is kept as one plain, owner-only file while an app has it open (%s)', async (mode) => {
    await using playground = await createPlayground()
    playground.sql(`pragma journal_mode = ${mode}`)
    write(playground, 'first')
    if (where === 'in RAM') await playground.devshm('attach')
    await using app = await openElsewhere(playground.origin)
    await app.script(`insert into item values ('second')`)
    const [event] = await events(playground, 'snapshot', 'mine')
    const path = snapshotPathIn(playground, 'mine')
    expect(event).toMatchObject({ type: 'snapshot', origin: playground.origin, snapshot: 'mine', path })
    expect(event?.['bytes']).toBe(statSync(path).size)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(words(path)).toEqual(['first', 'second'])
    expect(playground.sql('pragma journal_mode', path)).toEqual([{ journal_mode: 'delete' }])
    for (const suffix of ['-wal', '-shm', '-journal']) expect(existsSync(`${path}${suffix}`)).toBe(false)
    expect(unfinishedIn(playground)).toEqual([])
    expect(playground.inRam().filter((file) => /stage/.test(file))).toEqual([])
  })
})

test('without a name the next free number is taken; a name that is taken needs --force', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await events(playground, 'snapshot')
  write(playground, 'two')
  await events(playground, 'snapshot')
  const taken = await playground.devshm('snapshot', 'snapshot-1')
  expect(taken).toMatchObject({ status: 2, stderr: expect.stringContaining('--force') as string })
  expect(shelf(playground)).toEqual({ 'snapshot-1': ['one'], 'snapshot-2': ['two'] })
  await events(playground, 'snapshot', 'snapshot-1', '--force')
  expect(shelf(playground)).toEqual({ 'snapshot-1': ['two'], 'snapshot-2': ['two'] })
})

test('a name that will not do is refused before anything is written', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  expect((await playground.devshm('snapshot', '../x')).status).toBe(2)
  expect(existsSync(join(playground.folder, '.devshm'))).toBe(false)
})

test('what is not there, or no database, cannot be kept', async () => {
  await using playground = await createPlayground()
  const absent = await playground.devshm('snapshot', '--db', 'db.sqlite3')
  expect(absent).toMatchObject({ status: 1, stderr: expect.stringContaining('does not exist') as string })
  await playground.command('sh', '-c', 'echo this is a letter > db.sqlite3')
  const letter = await playground.devshm('snapshot', '--db', 'db.sqlite3')
  expect(letter).toMatchObject({ status: 1, stderr: expect.stringContaining('not a SQLite database') as string })
})

test('the list says what there is and what undo brings back; rm removes all of the names or none', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await events(playground, 'snapshot', 'a')
  write(playground, 'two')
  await events(playground, 'restore', 'a')
  const { stdout } = await playground.devshm('snapshots', '--json')
  const { databases } = JSON.parse(stdout) as { databases: { snapshots: Record<string, unknown>[] }[] }
  expect(databases[0]?.snapshots).toMatchObject([
    { name: '@before-restore-1', automatic: true, undo: true },
    { name: 'a', automatic: false, undo: false },
  ])
  expect((await playground.devshm('snapshots')).stdout).toMatch(
    /@before-restore-1 .*devshm undo brings it back\n {2}a /,
  )
  const none = await playground.devshm('snapshots', 'rm', 'a', 'b')
  expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining('no snapshot b') as string })
  expect(Object.keys(shelf(playground))).toEqual(['@before-restore-1', 'a'])
  const { stdout: removed } = await playground.devshm('snapshots', 'rm', 'a', '--json')
  expect(JSON.parse(removed)).toEqual({ origin: playground.origin, removed: ['a'] })
  await playground.devshm('snapshots', 'rm', '@before-restore')
  expect(shelf(playground)).toEqual({})
})

test('the original file cannot be removed while the database is in RAM', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await playground.devshm('attach')
  const refused = await playground.devshm('snapshots', 'rm', '@attach')
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('is in RAM') as string })
  expect(shelf(playground)).toEqual({ '@attach': ['one'] })
})

test('of two databases both are kept under the name, or none', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  playground.sql('create table item (word)', join(playground.folder, 'other.sqlite3'))
  const both = ['--db', 'db.sqlite3', '--db', 'other.sqlite3']
  await events(playground, 'snapshot', 'a', '--db', 'other.sqlite3')
  expect((await playground.devshm('snapshot', 'a', ...both)).status).toBe(2)
  expect(existsSync(snapshotPathIn(playground, 'a'))).toBe(false)
  expect(await events(playground, 'snapshot', 'b', ...both)).toHaveLength(2)
})
