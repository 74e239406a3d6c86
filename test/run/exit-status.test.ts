import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEVSHM } from '../support/playground.ts'
import { isOnDisk, leftInRam, projectForTest, seen } from './support/run-places.ts'

test.for([
  ['exit 0', 0],
  ['exit 5', 5],
  ['kill -TERM $$', 143],
  ['kill -KILL $$', 137],
] as const)('a command that ends by `%s` gives the status %i, and what it wrote is on disk', async ([end, status]) => {
  const project = await projectForTest()
  const script = `sqlite3 db.sqlite3 "insert into seen values ('it')"; test -L db.sqlite3 || exit 99; ${end}`
  const outcome = await project.devshm('run', '--', 'sh', '-c', script)
  expect(outcome).toMatchObject({ status, stdout: '' })
  expect(outcome.stderr).toMatch(/^devshm: db\.sqlite3 is in RAM \(.*\)\ndevshm: saved to db\.sqlite3 \(.*\)\n$/)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['it'])
  expect(leftInRam(project)).toEqual([])
})

test.for([
  ['no-such-program', 127, /command not found: no-such-program/],
  ['./not-executable', 126, /cannot run .*not-executable/],
] as const)(
  '%s cannot be started: status %i, one clear message, and the project is untouched',
  async ([program, status, message]) => {
    const project = await projectForTest()
    writeFileSync(join(project.folder, 'not-executable'), '#!/bin/sh\n', { mode: 0o644 })
    const facts = (): unknown => {
      const { ino, mtimeNs, ctimeNs } = statSync(project.origin, { bigint: true })
      return [ino, mtimeNs, ctimeNs, existsSync(join(project.folder, '.devshm')), leftInRam(project)]
    }
    const before = facts()
    const outcome = await project.devshm('run', '--', program, '--flag')
    expect(outcome).toMatchObject({ status, stdout: '' })
    expect(outcome.stderr).toMatch(message)
    expect(outcome.stderr).not.toMatch(/^\s+at /m)
    expect(facts()).toEqual(before)
  },
)

test('the output of the command arrives byte for byte, and what devshm says goes to standard error only', async () => {
  const project = await projectForTest()
  const script = 'import os; os.write(1, bytes(range(256)) * 1000); os.write(2, b"its own words")'
  const command = [...DEVSHM.slice(1), 'run', '--', 'python3', '-c', script]
  const { stdout, stderr, status } = spawnSync(DEVSHM[0], command, { cwd: project.folder, env: project.env })
  expect(status).toBe(0)
  expect(
    stdout.equals(Buffer.concat(Array.from({ length: 1000 }, () => Buffer.from(Array.from(Array(256).keys()))))),
  ).toBe(true)
  expect(stderr.toString()).toMatch(/^devshm: .*\nits own wordsdevshm: db\.sqlite3 is unchanged .*\n$/)
})

test('a pipe into devshm is the input of the command', async () => {
  const project = await projectForTest()
  const script = "insert into seen values ('from a pipe');\n"
  execFileSync(DEVSHM[0], [...DEVSHM.slice(1), 'run', '--', 'sqlite3', 'db.sqlite3'], {
    cwd: project.folder,
    env: project.env,
    input: script,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  expect(seen(project)).toEqual(['from a pipe'])
})
