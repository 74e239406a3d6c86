import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { eventually, isLink, liveOf, type Playground } from '../support/playground.ts'
import type { Terminal } from '../support/pty.ts'
import { app, isOnDisk, projectForTest, runInTerminal, seen } from './support/run-places.ts'
import { slowDisk, withoutStrace } from './support/strace.ts'

/** How long the disk takes over the save: longer than anything else here, so that what ends before it did not wait for it. */
const SAVE_MS = 10_000
/** devshm takes what comes within 200 ms of the command's end for the same key press. */
const A_PERSON_REACTS_MS = 400

beforeEach(({ skip }) => skip(withoutStrace !== undefined, withoutStrace))

test('a second Ctrl-C during a slow save exits at once with 130, and the next detach brings every row back', async () => {
  const project = await largeProject()
  const terminal = await runOnSlowDisk(project)
  terminal.write('\x03')
  await terminal.waitFor(/SIGINT\r\n/)
  await saveHasBegun(project)
  terminal.write('\x03')
  expect(await terminal.exit).toBe(130)
  expect(terminal.output).not.toMatch(/saved to/)
  expect(terminal.output).toMatch(/left at once; what is in RAM is still there/)

  expect(isLink(project.origin)).toBe(true)
  expect(existsSync(liveOf(project.origin))).toBe(true)
  const outcome = await project.devshm('detach')
  expect(outcome.status).toBe(0)
  expect(outcome.stderr).toMatch(/saved to db\.sqlite3/)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['ready', 'SIGINT'])
  expect(project.sql('select count(*) as rows from large')).toEqual([{ rows: 600 }])
})

test('after a command that ended by itself, the first Ctrl-C says what a second one would do, and the save goes on', async () => {
  const project = await projectForTest()
  const command = ['sqlite3', 'db.sqlite3', "insert into seen values ('it')"]
  const terminal = runInTerminal(project, command, { prefix: slowDisk(saveFileOf(project), 1_500) })
  await saveHasBegun(project)
  terminal.write('\x03')
  await terminal.waitFor(/saving; Ctrl-C once more leaves at once/)
  await terminal.waitFor(/saved to db\.sqlite3/)
  expect(await terminal.exit).toBe(0)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['it'])
})

test('SIGTERM and SIGHUP during a slow save do not end it: the machine goes down, or the terminal has closed', async () => {
  const project = await projectForTest()
  const script = `sqlite3 db.sqlite3 "insert into seen values ('it')"; echo pid $PPID`
  const terminal = runInTerminal(project, ['sh', '-c', script], { prefix: slowDisk(saveFileOf(project), 1_500) })
  const [, pid] = await terminal.waitFor(/^pid (\d+)/m)
  await saveHasBegun(project)
  process.kill(Number(pid), 'SIGTERM')
  process.kill(Number(pid), 'SIGHUP')
  await terminal.waitFor(/saved to db\.sqlite3/)
  expect(await terminal.exit).toBe(0)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['it'])
})

async function largeProject(): Promise<Playground> {
  const project = await projectForTest()
  project.sql(`
    create table large (content blob);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 600)
    insert into large select randomblob(250000) from n
  `)
  return project
}

async function runOnSlowDisk(project: Playground): Promise<Terminal> {
  const terminal = runInTerminal(project, app('SIGINT'), { prefix: slowDisk(saveFileOf(project), SAVE_MS) })
  await terminal.waitFor(/ready\r\n/)
  return terminal
}

async function saveHasBegun(project: Playground): Promise<void> {
  await eventually('a save has begun', () => existsSync(saveFileOf(project)))
  await delay(A_PERSON_REACTS_MS)
}

/** What a save writes before it is renamed into place. */
function saveFileOf({ folder }: Playground): string {
  return join(folder, '.devshm/db.sqlite3/unfinished/save.sqlite3')
}
