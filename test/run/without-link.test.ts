import { existsSync, lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { StartedProcess } from '../support/django/started-process.ts'
import { DEVSHM, isLink, type Outcome, type Playground } from '../support/playground.ts'
import { isOnDisk, leftInRam, projectForTest, seen, start, startRun } from './support/run-places.ts'
import { withoutLinks, withoutStrace } from './support/strace.ts'

/** Of Django as far as devshm can see: its commands are Pythons that connect by themselves. */
async function djangoForTest(): Promise<Playground> {
  const project = await projectForTest()
  writeFileSync(join(project.folder, 'manage.py'), '# django\n')
  return project
}

const write = (word: string): string[] => [
  'python3',
  '-c',
  `${CONNECT}; c.execute("insert into seen values ('${word}')"); c.commit()`,
]
const CONNECT = `import os, sqlite3, time; c = sqlite3.connect('db.sqlite3')`

/** Says that it has written, and goes on until there is a file `go`. */
function writeAndWait(word: string): string[] {
  return [
    'sh',
    '-c',
    `python3 -c "$0"; echo ready; until test -e go || ! test -e manage.py; do sleep 0.02; done`,
    write(word)[2] ?? '',
  ]
}

const noLink = (project: Playground, ...command: string[]): Promise<Outcome> =>
  project.devshm('run', '--no-link', '--', ...command)

async function running(project: Playground, ...flags: string[]): Promise<StartedProcess> {
  const session = await startRun(project, writeAndWait('ready'), ...flags)
  await session.waitForOutput(/^ready$/m)
  return session
}

async function ended(started: StartedProcess): Promise<{ code: number | null; output: string }> {
  const { code } = await started.waitForExit()
  return { code, output: started.output }
}

async function end(project: Playground, ...sessions: StartedProcess[]): Promise<void> {
  writeFileSync(join(project.folder, 'go'), '')
  for (const each of sessions) expect(await each.waitForExit()).toEqual({ code: 0, signal: null })
  rmSync(join(project.folder, 'go'))
}

test('in a project that is not of Django it is a wrong call, and nothing is touched', async () => {
  const project = await projectForTest()
  const outcome = await noLink(project, 'true')
  expect(outcome).toMatchObject({ status: 2, stdout: '' })
  expect(outcome.stderr).toMatch(
    /^devshm: --no-link is for Django alone, and this project has no manage\.py of it\n.*leave it out/,
  )
  expect(readdirSync(project.folder)).toEqual(['db.sqlite3'])
})

test('attach has no --no-link, and says what there is instead', async () => {
  const project = await djangoForTest()
  const outcome = await project.devshm('attach', '--no-link')
  expect(outcome.status).toBe(2)
  expect(outcome.stderr).toMatch(/attach cannot do without a link.*\n.*devshm run --no-link -- COMMAND/)
  expect(existsSync(join(project.folder, '.devshm'))).toBe(false)
  expect((await project.devshm('attach', '--help')).stdout).not.toContain('--no-link')
  expect((await project.devshm('run', '--help')).stdout).toContain('--no-link')
})

test("the exit status is the command's, and its PYTHONPATH and sitecustomize are what they were", async () => {
  const project = await djangoForTest()
  writeFileSync(join(project.folder, 'sitecustomize.py'), `print('own')`)
  project.env['PYTHONPATH'] = project.folder
  const script = `import os, sys; print(os.environ['PYTHONPATH'].split(':')[1:]); sys.exit(7)`
  expect(await noLink(project, 'python3', '-c', script)).toMatchObject({
    status: 7,
    stdout: `own\n['${project.folder}']\n`,
  })
  expect((await noLink(project, ...write('one'))).status).toBe(0)
  expect(seen(project)).toEqual(['one'])
})

test('sessions without a link share one database, and the last one brings it back', async () => {
  const project = await djangoForTest()
  const first = await running(project, '--no-link')
  const second = await noLink(project, ...write('second'))
  expect(second.stderr).toMatch(/is in RAM already .* shared with devshm run --no-link -- sh[^]*stays in RAM for/)
  const third = await running(project, '--no-link')
  process.kill(first.pid, 'SIGKILL')
  await first.crash()
  expect(seen(project)).toEqual([])
  await end(project, third)
  expect(seen(project)).toEqual(['ready', 'second', 'ready'])
  expect(leftInRam(project)).toEqual([])
})

test('a session that works by a link, and one that does not, are not mixed', async () => {
  const project = await djangoForTest()
  const without = await running(project, '--no-link')
  for (const command of [['run', '--', 'true'], ['attach']]) {
    const refused = await project.devshm(...command)
    expect(refused).toMatchObject({ status: 1 })
    expect(refused.stderr).toMatch(/is in RAM without a link for devshm run --no-link -- sh.*\n.*run --no-link/)
  }
  expect(isOnDisk(project)).toBe(true)
  expect((await project.devshm('detach')).stderr).toMatch(/stays in RAM for devshm run --no-link/)
  await end(project, without)

  await project.devshm('attach')
  const refused = await noLink(project, ...write('never'))
  expect(refused).toMatchObject({ status: 1 })
  expect(refused.stderr).toMatch(/is in RAM by a link for devshm attach .*\n.*devshm detach/)
  expect(isLink(project.origin)).toBe(true)
  expect((await project.devshm('detach')).status).toBe(0)
  expect(seen(project)).toEqual(['ready'])
})

test('what a killed session by a link left is brought back first', async () => {
  const project = await djangoForTest()
  const session = await startRun(project, [
    'sh',
    '-c',
    `sqlite3 db.sqlite3 "insert into seen values ('linked')"; echo ready; sleep 60`,
  ])
  await session.waitForOutput(/^ready$/m)
  await session.crash()
  expect(isLink(project.origin)).toBe(true)
  expect((await noLink(project, ...write('next'))).status).toBe(0)
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['linked', 'next'])
})

test.skipIf(withoutStrace !== undefined)('it needs neither symbolic nor hard links', async () => {
  const project = await djangoForTest()
  const command = [...DEVSHM, 'run', '--no-link', '--', ...write('one')]
  for (const words of [['one'], ['one', 'one']]) {
    const { code, output } = await ended(await start(project, [...withoutLinks(), ...command]))
    expect({ code, output }).toMatchObject({ code: 0 })
    expect(seen(project)).toEqual(words)
  }
  expect(
    project.sql('select * from seen', join(project.folder, '.devshm/db.sqlite3/snapshots/@attach.sqlite3')),
  ).toHaveLength(1)
})

test('without RAM the command works on the file, and no more is said than that', async () => {
  const project = await djangoForTest()
  project.env['DEVSHM_VOLUME'] = project.folder
  const outcome = await noLink(project, ...write('on disk'))
  expect(outcome.status).toBe(0)
  expect(outcome.stderr).toMatch(/^devshm: db\.sqlite3 stays on disk: .*\n.*\n$/)
  expect(seen(project)).toEqual(['on disk'])
})

test('RAM that goes away under the command is said, and the last save is back at once', async () => {
  const project = await djangoForTest()
  const session = await running(project, '--no-link', '--save-every', '0.2')
  await session.waitForOutput(/saved db\.sqlite3/)
  for (const name of readdirSync(project.volume)) rmSync(join(project.volume, name), { recursive: true })
  await session.waitForOutput(/Restored the last save[^]*is gone, and what the command started goes on looking for it/)
  expect(seen(project)).toEqual(['ready'])
  await end(project, session)
  expect(session.stderr.match(/goes on looking for it/g)).toHaveLength(1)
  expect(seen(project)).toEqual(['ready'])
})

test('a file that is removed meanwhile stays away, and what was in RAM is kept', async () => {
  const project = await djangoForTest()
  const session = await running(project, '--no-link')
  rmSync(project.origin)
  await session.waitForOutput(/db\.sqlite3 was removed on disk/)
  expect((await project.devshm('save', '--db', 'db.sqlite3')).stderr).toMatch(/saved/)
  await end(project, session)
  expect(session.stderr).toMatch(
    /was removed while it was in RAM without a link; it stays away[^]*devshm restore @replaced/,
  )
  expect(lstatSync(project.origin, { throwIfNoEntry: false })).toBeUndefined()
  expect((await project.devshm('restore', '--db', 'db.sqlite3', '@replaced')).status).toBe(0)
  expect(seen(project)).toEqual(['ready'])
})
