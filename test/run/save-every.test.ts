import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { app, isOnDisk, projectForTest, runInTerminal, seen, startRun } from './support/run-places.ts'

test('--save-every saves while the app runs, and Ctrl-C then saves what came later', async () => {
  const project = await projectForTest()
  const run = await startRun(project, app('SIGINT'), '--save-every', '0.2')
  await run.waitForOutput(/^devshm: saved db\.sqlite3 \(/m)
  const lastSave = join(project.folder, '.devshm/db.sqlite3/last-save.sqlite3')
  expect(project.sql('select word from seen', lastSave)).toEqual([{ word: 'ready' }])
  expect(await run.stop('SIGINT')).toEqual({ code: 0, signal: null })
  expect(run.stderr).toMatch(/saved to db\.sqlite3/)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['ready', 'SIGINT'])
})

test('Ctrl-C in the middle of a busy app, with saves on the timer, keeps every row that it committed', async () => {
  const project = await projectForTest()
  const script = `
import sqlite3
connection = sqlite3.connect("db.sqlite3", isolation_level=None, timeout=20)
log = open("log", "w", buffering=1)
number = 0
while True:
    number += 1
    connection.execute("insert into seen values (?)", (number,))
    print(number, file=log)
`
  const terminal = runInTerminal(project, ['python3', '-c', script], { flags: ['--save-every', '0.2'] })
  await terminal.waitFor(/saved db\.sqlite3 \(/)
  await terminal.waitFor(/saved db\.sqlite3 \(/)
  terminal.write('\x03')
  await terminal.waitFor(/saved to db\.sqlite3/)
  const told = readFileSync(join(project.folder, 'log'), 'utf8').split('\n').length - 1
  const rows = seen(project)
  // One commit may have been on its way to the log.
  expect(rows.length - told).toBeOneOf([0, 1])
  expect(rows).toEqual(rows.map((_, index) => String(index + 1)))
})
