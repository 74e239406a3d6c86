import { chmodSync, chownSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { isRoot, machineWith, surroundingsOf } from '../pretend.fixture.ts'
import { checkOtherUsers } from './other-users.ts'

const NOBODY = 65_534

test('a database that only its owner writes is in order', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  chmodSync(playground.origin, 0o644)
  expect(await checkOtherUsers(await surroundingsOf(playground))).toMatchObject([{ level: 'ok' }])
})

test('one that all users may write is a warning', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  chmodSync(playground.origin, 0o666)
  expect(await checkOtherUsers(await surroundingsOf(playground))).toMatchObject([
    { level: 'warning', message: expect.stringContaining('is writable for all users'), remedy: expect.any(String) },
  ])
})

test('the group of its own that many systems give to a user is no other user', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  chmodSync(playground.origin, 0o664)
  expect(await checkOtherUsers(await surroundingsOf(playground))).toMatchObject([{ level: 'ok' }])
})

describe.runIf(isRoot)('as root', () => {
  test('the group of a server is named', async () => {
    await using playground = await createPlayground()
    using machine = machineWith({ '/etc/group': `root:x:0:\nwww-data:x:${NOBODY}:\n` })
    playground.sql('create table t (a)')
    chownSync(playground.origin, 0, NOBODY)
    chmodSync(playground.origin, 0o664)
    expect(await checkOtherUsers(await surroundingsOf(playground, { machine }))).toMatchObject([
      { level: 'warning', message: expect.stringContaining('is writable for the group www-data') },
    ])
  })

  test('a database of another user is a warning that names the user', async () => {
    await using playground = await createPlayground()
    using machine = machineWith({ '/etc/passwd': `root:x:0:0::/root:/bin/sh\nada:x:${NOBODY}:${NOBODY}::/:/bin/sh\n` })
    playground.sql('create table t (a)')
    chownSync(playground.origin, NOBODY, NOBODY)
    expect(await checkOtherUsers(await surroundingsOf(playground, { machine }))).toMatchObject([
      { level: 'warning', message: expect.stringContaining('belongs to ada, and you are root') },
    ])
  })

  test('a process of another user that has it open is a problem, and named', async () => {
    await using playground = await createPlayground()
    playground.sql('create table t (a)')
    const reader = playground.start(
      'sh',
      '-c',
      `exec 3<'${playground.origin}'; exec setpriv --reuid=${NOBODY} --clear-groups sh -c 'echo open; read line'`,
    )
    await reader.waitFor(/open/)
    expect(await checkOtherUsers(await surroundingsOf(playground))).toMatchObject([
      { level: 'problem', message: expect.stringContaining(`(pid ${reader.pid}), which runs as another user`) },
    ])
  })
})
