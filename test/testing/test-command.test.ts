import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createShellProject } from '../template/support/shell-project.ts'
import { clonesInRam } from './support/test-databases.ts'

test.for([
  ['exit 0', 0],
  ['exit 5', 5],
  ['kill -TERM $$', 143],
] as const)('a command that ends by `%s` gives the status %i, and its clone is gone', async ([end, status]) => {
  await using project = await createShellProject()
  const script = `sqlite3 "$APP_DB" "select count(*) from item"; test "$APP_DB" = "$DEVSHM_CLONE_1" || exit 99; ${end}`
  const outcome = await project.devshm('test', '--', 'sh', '-c', script)
  expect(outcome).toMatchObject({ status, stdout: '2\n' })
  expect(project.inRam()).toEqual([])
  expect(existsSync(project.origin)).toBe(false)
})

test.for([
  ['no-such-program', 127],
  ['./not-executable', 126],
] as const)('%s cannot be started: status %i, and nothing was built', async ([program, status]) => {
  await using project = await createShellProject()
  writeFileSync(join(project.folder, 'not-executable'), '#!/bin/sh\n', { mode: 0o644 })
  expect(await project.devshm('test', '--', program, '--flag')).toMatchObject({ status, stdout: '' })
  expect(project.runs()).toEqual({})
})

test('several clones are private to each other', async () => {
  await using project = await createShellProject()
  const script = `for db in "$DEVSHM_CLONE_1" "$DEVSHM_CLONE_2" "$DEVSHM_CLONE_3"; do
    sqlite3 "$db" "insert into item (id) values (3); select count(*) from item"; done; test -z "$DEVSHM_CLONE_4"`
  expect(await project.devshm('test', '--clones', '3', '--', 'sh', '-c', script)).toMatchObject({
    status: 0,
    stdout: '3\n3\n3\n',
  })
  expect(clonesInRam(project)).toEqual([])
})
