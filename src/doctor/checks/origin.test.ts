import { linkSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { surroundingsOf } from '../pretend.fixture.ts'
import { checkOrigin } from './origin.ts'

test('a database that could be attached is in order, and so is one that is not there yet', async () => {
  await using playground = await createPlayground()
  expect(await checkOrigin(await surroundingsOf(playground))).toMatchObject([{ level: 'ok' }])
  playground.sql('create table t (a)')
  expect(await checkOrigin(await surroundingsOf(playground))).toMatchObject([{ level: 'ok' }])
})

test('what attach would refuse is a problem, in the same words and with the same remedy', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  linkSync(playground.origin, `${playground.folder}/second-name`)
  const [observation] = await checkOrigin(await surroundingsOf(playground))
  expect(observation).toMatchObject({ level: 'problem', message: expect.stringMatching(/^has 2 names \(hard links\)/) })
  const attach = await playground.devshm('attach')
  expect(attach.stderr).toContain(observation?.message)
  expect(attach.stderr).toContain(observation?.remedy)
})

test('a file that is no database is a problem', async () => {
  await using playground = await createPlayground()
  writeFileSync(playground.origin, 'these are not the bytes of a database')
  expect(await checkOrigin(await surroundingsOf(playground))).toMatchObject([
    { level: 'problem', message: expect.stringContaining('is not a SQLite database') },
  ])
})

test('a process that has it open is named', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  const reader = playground.start('sh', '-c', `exec 3<'${playground.origin}'; echo open; read line`)
  await reader.waitFor(/open/)
  expect(await checkOrigin(await surroundingsOf(playground))).toMatchObject([
    {
      level: 'warning',
      message: expect.stringContaining(`(pid ${reader.pid})`),
      remedy: expect.stringContaining('stop'),
    },
  ])
})

test('a database that is in RAM is not an origin to look at', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  await playground.devshm('attach')
  expect(await checkOrigin(await surroundingsOf(playground))).toEqual([])
})
