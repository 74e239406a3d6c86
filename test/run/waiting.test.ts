import { DatabaseSync } from 'node:sqlite'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isOnDisk, leftInRam, projectForTest, runInTerminal, seen } from './support/run-places.ts'

/** Two key presses within 200 ms are taken for one. */
const A_PERSON_REACTS_MS = 400

test('Ctrl-C twice ends a run that waits for another devshm command, and nothing has been touched', async () => {
  const project = await projectForTest()
  await project.devshm('run', '--', 'true')
  // What any devshm command holds while it is at work on this database; a suspended one keeps it.
  using other = new DatabaseSync(join(project.folder, '.devshm/db.sqlite3/lock'))
  other.exec('begin exclusive')
  const terminal = runInTerminal(project, ['touch', 'started'])
  await terminal.waitFor(/waiting for another devshm command at work on db\.sqlite3: .*\(pid \d+\)/)
  terminal.write('\x03')
  await terminal.waitFor(/the command will not be started; Ctrl-C once more leaves at once/)
  await delay(A_PERSON_REACTS_MS)
  terminal.write('\x03')
  expect(await terminal.exit).toBe(130)
  other.exec('rollback')
  expect(existsSync(join(project.folder, 'started'))).toBe(false)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual([])
  expect(leftInRam(project)).toEqual([])
})

test('Ctrl-C once while it waits: the command is not started when the wait is over', async () => {
  const project = await projectForTest()
  await project.devshm('run', '--', 'true')
  using other = new DatabaseSync(join(project.folder, '.devshm/db.sqlite3/lock'))
  other.exec('begin exclusive')
  const terminal = runInTerminal(project, ['touch', 'started'])
  await terminal.waitFor(/waiting for another devshm command/)
  terminal.write('\x03')
  await terminal.waitFor(/the command will not be started/)
  other.exec('rollback')
  expect(await terminal.exit).toBe(130)
  expect(existsSync(join(project.folder, 'started'))).toBe(false)
  expect(isOnDisk(project)).toBe(true)
})
