import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEVSHM, eventually } from '../support/playground.ts'
import { app, isOnDisk, leftInRam, projectForTest, seen, start, startRun } from './support/run-places.ts'
import { slowDisk, withoutStrace } from './support/strace.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

test.for(SIGNALS)('%s to devshm reaches the command once, and what it then writes is saved', async (signal) => {
  const project = await projectForTest()
  // Ended by a signal of another name, which is judged after all before it: the count is final by then.
  const last = signal === 'SIGTERM' ? 'SIGHUP' : 'SIGTERM'
  const run = await startRun(project, app(last))
  await run.waitForOutput(/^ready$/m)
  process.kill(run.pid, signal)
  await run.waitForOutput(new RegExp(`^${signal}$`, 'm'))
  expect(await run.stop(last)).toEqual({ code: 0, signal: null })
  expect(run.stdout).toBe(`ready\n${signal}\n${last}\n`)
  expect(run.stderr).toMatch(/saved to db\.sqlite3/)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['ready', signal, last])
})

test.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const)('a command that dies of a forwarded %s gives the status %i, saved', async ([signal, status]) => {
  const project = await projectForTest()
  const script = `sqlite3 db.sqlite3 "insert into seen values ('it')"; echo written; ulimit -c 0; exec sleep 60`
  const run = await startRun(project, ['sh', '-c', script])
  await run.waitForOutput(/^written$/m)
  expect(await run.stop(signal)).toEqual({ code: status, signal: null })
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['it'])
})

test.skipIf(withoutStrace !== undefined).for(SIGNALS)(
  '%s while attaching: the command is never started, and the database is back untouched',
  async (signal) => {
    const project = await projectForTest()
    project.sql("insert into seen values ('before')")
    const inTheMiddle = join(project.folder, '.devshm/db.sqlite3/unfinished/attachment.json')
    const command = [...DEVSHM, 'run', '--', 'touch', 'started']
    const run = await start(project, [...slowDisk(inTheMiddle, 500), ...command])
    await eventually('the attach has begun', () => existsSync(inTheMiddle))
    // The group, because strace passes nothing on.
    process.kill(-run.pid, signal)
    expect(await run.waitForExit()).toEqual({ code: statusOf(signal), signal: null })
    expect(existsSync(join(project.folder, 'started'))).toBe(false)
    expect(isOnDisk(project)).toBe(true)
    expect(seen(project)).toEqual(['before'])
    expect(leftInRam(project)).toEqual([])
  },
)

function statusOf(signal: (typeof SIGNALS)[number]): number {
  return { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 }[signal]
}
