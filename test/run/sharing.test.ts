import { expect, test } from 'vitest'
import { DEVSHM, isLink, runSql } from '../support/playground.ts'
import { app, isOnDisk, leftInRam, projectForTest, seen, startRun } from './support/run-places.ts'
import { join } from 'node:path'
import { lstatSync, readdirSync } from 'node:fs'

const run = (...command: string[]): string[] => [...DEVSHM, 'run', '--', ...command]

test('a run inside a run inside a run shares one database, and the outermost brings it back', async () => {
  const project = await projectForTest()
  const write = ['sqlite3', 'db.sqlite3', "insert into seen values ('innermost')"]
  const outcome = await project.devshm(...run(...run(...run(...write))).slice(DEVSHM.length))
  expect(outcome.status).toBe(0)
  expect(outcome.stderr.match(/is in RAM already .* shared with/g)).toHaveLength(2)
  expect(outcome.stderr.match(/stays in RAM for/g)).toHaveLength(2)
  expect(outcome.stderr.match(/saved to db\.sqlite3/g)).toHaveLength(1)
  expect(outcome.stderr).toMatch(/saved to db\.sqlite3 \(.*\)\n$/)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['innermost'])
})

test('two sessions at once share one live database; the first to end leaves it, the last one brings it back', async () => {
  const project = await projectForTest()
  const [first, second] = await Promise.all([startRun(project, app('SIGTERM')), startRun(project, app('SIGTERM'))])
  await Promise.all([first.waitForOutput(/^ready$/m), second.waitForOutput(/^ready$/m)])
  expect(seen(project)).toEqual(['ready', 'ready'])
  await first.stop('SIGTERM')
  expect(first.stderr).toMatch(/stays in RAM for devshm run -- python3/)
  expect(isLink(project.origin)).toBe(true)
  await second.stop('SIGTERM')
  expect(second.stderr).toMatch(/saved to db\.sqlite3/)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['ready', 'ready', 'SIGTERM', 'SIGTERM'])
  expect(leftInRam(project)).toEqual([])
})

test('two databases, each named with --db, are attached and brought back together', async () => {
  const project = await projectForTest()
  const second = join(project.folder, 'cache.db')
  runSql(second, 'create table item (name text)')
  const script = `test -L db.sqlite3 && test -L cache.db && sqlite3 db.sqlite3 "insert into seen values ('it')" &&
    sqlite3 cache.db "insert into item values ('that')"`
  const flags = ['--db', 'db.sqlite3', '--db', 'cache.db']
  const outcome = await project.devshm('run', ...flags, '--', 'sh', '-c', script)
  expect(outcome.status).toBe(0)
  for (const name of ['db.sqlite3', 'cache.db']) {
    expect(outcome.stderr).toContain(`${name} is in RAM`)
    expect(outcome.stderr).toContain(`saved to ${name}`)
    expect(lstatSync(join(project.folder, name)).isFile()).toBe(true)
  }
  expect(seen(project)).toEqual(['it'])
  expect(runSql(second, 'select name from item')).toEqual([{ name: 'that' }])
})

test('when one of two databases cannot be attached, neither is', async () => {
  const project = await projectForTest()
  await project.command('sh', '-c', 'echo "this is no database at all, it is a letter" > letter.db')
  const flags = ['--db', 'db.sqlite3', '--db', 'letter.db']
  const outcome = await project.devshm('run', ...flags, '--', 'touch', 'started')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toContain('letter.db')
  expect(isOnDisk(project)).toBe(true)
  expect(readdirSync(project.folder)).not.toContain('started')
  expect(leftInRam(project)).toEqual([])
})
