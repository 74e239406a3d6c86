import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEVSHM, isLink, liveOf, type Playground } from '../support/playground.ts'
import { isOnDisk, projectForTest, seen, start } from './support/run-places.ts'
import { failingDisk, withoutStrace } from './support/strace.ts'

test.skipIf(withoutStrace !== undefined).for([
  [0, 1],
  [5, 5],
] as const)(
  'when the command ended with %i and its save fails, the status is %i and the copy in RAM is named',
  async ([ended, status]) => {
    const project = await projectForTest()
    project.sql("insert into seen values ('before')")
    const script = `sqlite3 db.sqlite3 "insert into seen values ('it')"; exit ${ended}`
    const run = await start(project, [...failingDisk(saveFileOf(project)), ...DEVSHM, 'run', '--', 'sh', '-c', script])
    expect(await run.waitForExit()).toEqual({ code: status, signal: null })
    expect(run.stderr).toMatch(/i\/o error|EIO/i)
    expect(run.stderr).not.toMatch(/saved to|^\s+at /m)
    expect(isLink(project.origin)).toBe(true)
    const live = liveOf(project.origin)
    expect(run.stderr).toContain(live)

    // What was last on disk is whole, and nothing half-written is left.
    const original = join(project.folder, '.devshm/db.sqlite3/snapshots/@attach.sqlite3')
    expect(project.sql('select word from seen', original)).toEqual([{ word: 'before' }])
    expect(readdirSync(join(project.folder, '.devshm/db.sqlite3/unfinished'))).toEqual([])

    expect((await project.devshm('detach')).status).toBe(0)
    expect(isOnDisk(project)).toBe(true)
    expect(seen(project)).toEqual(['before', 'it'])
  },
)

test.skipIf(withoutStrace !== undefined)(
  'a save on the timer that fails is told once and once more at the end, and the command goes on',
  async () => {
    const project = await projectForTest()
    // A row, so that there is something to save, before the first failure, and more rows for more failures after it.
    const rows = 'for i in 2 3 4 5 6; do sqlite3 db.sqlite3 "insert into seen values ($i)"; sleep 0.6; done'
    const script = `sqlite3 db.sqlite3 "insert into seen values (1)"; until test -e failed; do sleep 0.05; done; ${rows}`
    const command = [...DEVSHM, 'run', '--save-every', '0.1', '--', 'sh', '-c', script]
    const run = await start(project, [...failingDisk(saveFileOf(project)), ...command])
    await run.waitForOutput(/EIO/)
    writeFileSync(join(project.folder, 'failed'), '')
    expect(await run.waitForExit()).toEqual({ code: 1, signal: null })
    // Once on the timer, and once at the end, where it decides the status.
    expect(run.stderr.match(/EIO/g)).toHaveLength(2)
    await project.devshm('detach')
    expect(seen(project)).toEqual(['1', '2', '3', '4', '5', '6'])
  },
)

function saveFileOf({ folder }: Playground): string {
  return join(folder, '.devshm/db.sqlite3/unfinished/save.sqlite3')
}
