import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, isLink } from '../support/playground.ts'
import { isOnDisk, projectForTest, seen, startRun } from './support/run-places.ts'

const LEFT_RUNNING = `
import os, sqlite3, sys, time
connection = sqlite3.connect("db.sqlite3", isolation_level=None)
connection.execute("insert into seen values ('first')")
open("pid", "w").write(str(os.getpid()))
while not os.path.exists("go-on"):
    time.sleep(0.01)
connection.execute("insert into seen values ('later')")
`

test('what still has the database open after the command is named, all is saved, and nothing is split', async () => {
  const project = await projectForTest()
  const script = `python3 -c '${LEFT_RUNNING.replaceAll("'", `'\\''`)}' >/dev/null 2>&1 &
    until test -s pid; do sleep 0.01; done; exit 3`
  const run = await startRun(project, ['sh', '-c', script])
  expect(await run.waitForExit()).toEqual({ code: 3, signal: null })
  const pid = readFileSync(join(project.folder, 'pid'), 'utf8')
  expect(run.stderr).toMatch(/^devshm: saved db\.sqlite3 /m)
  expect(run.stderr).toMatch(
    new RegExp(`^devshm: db\\.sqlite3 is still open in .*python3 -c import os.*pid ${pid}.*it stays in RAM`, 'm'),
  )

  expect(isLink(project.origin)).toBe(true)
  const lastSave = join(project.folder, '.devshm/db.sqlite3/last-save.sqlite3')
  expect(project.sql('select word from seen', lastSave)).toEqual([{ word: 'first' }])
  const refused = await project.devshm('detach')
  expect(refused.status).toBe(1)
  expect(refused.stderr).toContain(`pid ${pid}`)

  await project.command('touch', 'go-on')
  await eventually('it has ended', () => !existsSync(`/proc/${pid}`))
  expect((await project.devshm('detach')).status).toBe(0)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['first', 'later'])
})
