import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPlayground, runSql } from '../support/playground.ts'
import { events, shelf, words, write } from './support/shelf.ts'

describe.each(['on disk', 'in RAM'])('a database %s', (where) => {
  test('undo exchanges what it holds with what was overwritten; twice is redo', async () => {
    await using playground = await createPlayground()
    write(playground, 'one')
    if (where === 'in RAM') await playground.devshm('attach')
    await events(playground, 'snapshot', 'a')
    write(playground, 'two')
    await events(playground, 'restore', 'a')
    write(playground, 'three')
    expect(await events(playground, 'undo')).toMatchObject([{ type: 'undo', from: '@before-restore-1', changed: true }])
    expect(words(playground.origin)).toEqual(['two'])
    expect(await events(playground, 'undo')).toMatchObject([{ from: '@before-undo-1', kept: '@before-restore-1' }])
    expect(words(playground.origin)).toEqual(['three'])
    await events(playground, 'undo')
    expect(words(playground.origin)).toEqual(['two'])
    // What is kept already is not kept twice.
    const { '@attach': _, ...taken } = shelf(playground)
    expect(taken).toEqual({ a: ['one'], '@before-restore-1': ['two'], '@before-undo-1': ['three'] })
  })
})

test('with nothing to undo, or when its snapshot was removed, undo says so and changes nothing', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  const none = await playground.devshm('undo')
  expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining('no reset or restore') as string })
  await events(playground, 'snapshot', 'a')
  write(playground, 'two')
  await events(playground, 'restore', 'a')
  await playground.devshm('snapshots', 'rm', '@before-restore-1')
  const gone = await playground.devshm('undo')
  expect(gone).toMatchObject({ status: 1, stderr: expect.stringContaining('@before-restore-1') as string })
  expect(words(playground.origin)).toEqual(['one'])
})

test('undo brings back what was overwritten although the name that it was kept under has been used again', async () => {
  await using playground = await createPlayground()
  write(playground, 'one')
  await events(playground, 'snapshot', 'a')
  write(playground, 'two')
  await events(playground, 'snapshot', 'b')
  expect(await events(playground, 'restore', 'a')).toMatchObject([{ kept: 'b' }])
  await events(playground, 'snapshot', 'b', '--force')
  expect(shelf(playground)).toEqual({ a: ['one'], b: ['one'], '@before-restore-1': ['two'] })
  await events(playground, 'undo')
  expect(words(playground.origin)).toEqual(['two'])
})

test('the undo of a command over two databases is of both, and of one alone of that one', async () => {
  await using playground = await createPlayground()
  const other = { origin: join(playground.folder, 'other.sqlite3') }
  const databases = { default: { path: 'db.sqlite3' }, other: { path: 'other.sqlite3' } }
  writeFileSync(join(playground.folder, 'devshm.config.json'), JSON.stringify({ databases }))
  const both = (): string[] => [...words(playground.origin), ...words(other.origin)]
  for (const one of [playground, other]) write(one, 'old')
  expect(await events(playground, 'snapshot', 'a')).toHaveLength(2)
  for (const one of [playground, other]) write(one, 'new')
  expect(await events(playground, 'restore', 'a')).toHaveLength(2)
  expect(both()).toEqual(['old', 'old'])
  expect(await events(playground, 'undo')).toHaveLength(2)
  expect(both()).toEqual(['new', 'new'])
  await events(playground, 'restore', 'a', '--db', 'other.sqlite3')
  expect(both()).toEqual(['new', 'old'])
  expect(await events(playground, 'undo')).toMatchObject([{ origin: other.origin }])
  expect(both()).toEqual(['new', 'new'])
})

test('automatic snapshots go, the oldest first, when they are too many or too large; named ones and what undo needs stay', async () => {
  await using playground = await createPlayground()
  const configuration = { databases: { default: { path: 'db.sqlite3' } }, keepSnapshots: 2 }
  writeFileSync(join(playground.folder, 'devshm.config.json'), JSON.stringify(configuration))
  write(playground, 'zero')
  await events(playground, 'snapshot', 'zero')
  for (const word of ['one', 'two', 'three']) {
    write(playground, word)
    await events(playground, 'restore', 'zero')
  }
  expect(shelf(playground)).toEqual({ zero: ['zero'], '@before-restore-2': ['two'], '@before-restore-3': ['three'] })
  const small = { ...configuration, snapshotBudget: 0.001 }
  writeFileSync(join(playground.folder, 'devshm.config.json'), JSON.stringify(small))
  runSql(playground.origin, `insert into item values ('four')`)
  await events(playground, 'restore', '@before-restore-2')
  expect(shelf(playground)).toEqual({ zero: ['zero'], '@before-restore-4': ['zero', 'four'] })
  await events(playground, 'undo')
  expect(words(playground.origin)).toEqual(['zero', 'four'])
})
