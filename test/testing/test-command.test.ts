import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEVSHM, eventually } from '../support/playground.ts'
import { start } from '../run/support/run-places.ts'
import { createShellProject, type ShellProject } from '../template/support/shell-project.ts'
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
  // It changed nothing: there is nothing to look at.
  expect(outcome.stderr).not.toContain('is kept')
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

test('several clones, of several databases, are private to each other', async () => {
  await using project = await createShellProject()
  project.configure({ databases: { main: { path: 'db.sqlite3' }, 'the-log': { path: 'log.sqlite3' } } })
  const script = `for db in "$DEVSHM_CLONE_1" "$DEVSHM_CLONE_2" "$DEVSHM_CLONE_3"; do
    sqlite3 "$db" "insert into item (id) values (3); select count(*) from item"; done
    test -z "$DEVSHM_CLONE_4" && test "$DEVSHM_CLONE_2_MAIN" = "$DEVSHM_CLONE_2" && test -e "$DEVSHM_CLONE_2_THE_LOG"`
  expect(await project.devshm('test', '--clones', '3', '--', 'sh', '-c', script)).toMatchObject({
    status: 0,
    stdout: '3\n3\n3\n',
  })
  expect(project.inRam()).toEqual([])
})

test('what a failing command left is kept, and the command that shows it is printed', async () => {
  await using project = await createShellProject()
  const fail = [`sh`, '-c', `sqlite3 "$APP_DB" "delete from item where id = 1"; exit 3`]
  const outcome = await project.devshm('test', '--clones', '2', '--', ...fail)
  expect(outcome.status).toBe(3)
  // Of two clones, the one that was used.
  const [, ...diffs] = outcome.stderr.split(/^ {2}devshm diff /m)
  expect(diffs).toHaveLength(1)
  const shown = await project.devshm('diff', ...(diffs[0]?.trim().split(' ') ?? []))
  expect(shown.stdout).toContain('- item 1')
  const json = await project.devshm('test', '--json', '--keep', '--', 'true')
  expect(json.stderr.split('\n').map((line) => (line === '' ? {} : (JSON.parse(line) as object)))).toContainEqual({
    type: 'clone-kept',
    clone: 'clone-1',
    database: 'main',
    path: expect.any(String) as string,
    command: expect.stringMatching(/^devshm diff --rows \S+ \S+$/) as string,
  })
})

test.for([
  ['exit 0', 1],
  ['exit 5', 5],
] as const)('what is to be kept and cannot be: said, and after `%s` the status is %i', async ([end, status]) => {
  await using project = await createShellProject()
  const outcome = await project.devshm('test', '--keep', '--', 'sh', '-c', `: > "$DEVSHM_CACHE/kept"; ${end}`)
  expect(outcome).toMatchObject({
    status,
    stderr: expect.stringMatching(/main\.sqlite3 could not be kept: .*\/kept is not a folder/) as string,
  })
  expect(project.inRam()).toEqual([])
})

test('where no variable leads the command to its clone, that is said', async () => {
  await using project = await createShellProject()
  project.configure({ env: undefined, setup: [{ run: `sqlite3 db.sqlite3 "create table t (x)"`, inputs: [] }] })
  const outcome = await project.devshm('test', '--', 'sh', '-c', 'sqlite3 "$DEVSHM_CLONE_1" .tables')
  expect(outcome).toMatchObject({ status: 0, stdout: 't\n' })
  expect(outcome.stderr).toContain('nothing leads the command to its clone but DEVSHM_CLONE_1')
})

/** Says that it is ready, and notes each signal; it ends after SIGTERM with status 7. */
const NOTING = `trap 'echo INT' INT; trap 'echo TERM; exit 7' TERM; echo ready; while :; do sleep 0.05; done`

test('a signal reaches the command once, its status counts, and what was interrupted is not kept', async () => {
  await using project = await createShellProject()
  const run = await start(project, [
    ...DEVSHM,
    'test',
    '--',
    'sh',
    '-c',
    `sqlite3 "$APP_DB" "delete from item"; ${NOTING}`,
  ])
  await run.waitForOutput(/^ready$/m)
  process.kill(run.pid, 'SIGINT')
  await run.waitForOutput(/^INT$/m)
  expect(await run.stop('SIGTERM')).toEqual({ code: 7, signal: null })
  expect(run.stdout).toBe('ready\nINT\nTERM\n')
  expect(run.stderr).not.toContain('is kept')
  expect(project.inRam()).toEqual([])
})

test('when devshm is killed its command keeps the clone, which goes with the next start after its end', async () => {
  await using project = await createShellProject()
  const go = join(project.cache, 'go')
  // Between two looks nobody has the clone open.
  const script = `echo $$ > "${go}.pid"; echo ready; while [ ! -e "${go}" ]; do sleep 0.05; done
    sqlite3 "$APP_DB" "select count(*) from item" > "${go}.count"`
  const run = await start(project, [...DEVSHM, 'test', '--', 'sh', '-c', script])
  await run.waitForOutput(/^ready$/m)
  const hasLease = (): boolean => project.inRam().some((path) => /worker-[^/]+\/also-\d+\.json$/.test(path))
  await eventually('the clone belongs to the command as well', hasLease)
  expect(await run.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' })
  await sweep(project)
  expect(clonesInRam(project)).toHaveLength(1)
  writeFileSync(go, '')
  const text = async (): Promise<string> => (await project.command('cat', `${go}.count`)).stdout
  await eventually('the command has read its clone', async () => (await text()) === '2\n')
  const { stdout: pid } = await project.command('cat', `${go}.pid`)
  await eventually('the command has ended', () => !existsSync(`/proc/${pid.trim()}`))
  await sweep(project)
  expect(project.inRam()).toEqual([])
})

/** Any command that makes clones. */
async function sweep(project: ShellProject): Promise<void> {
  expect(await project.devshm('test', '--', 'true')).toMatchObject({ status: 0 })
}
