import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createShellProject, type ShellProject } from './support/shell-project.ts'

/** A project with a database of the user's own, and steps of the test's. */
async function projectWithData(...steps: string[]): Promise<ShellProject> {
  const project = await createShellProject()
  project.sql(`create table mine (x); insert into mine values ('precious')`)
  project.configure({ setup: steps.map((run) => ({ run, inputs: [] })) })
  return project
}

function precious(project: ShellProject): unknown {
  return project.sql('select group_concat(x) as x from mine')
}

test('a step that fails is named with what it printed, its database is kept, and nothing of the user changed', async () => {
  await using project = await projectWithData(
    `sqlite3 "$APP_DB" "create table half (x)"; echo out; echo error >&2; exit 3`,
  )
  project.env['DEVSHM_CACHE'] = join(project.cache, "it's a cache")
  const outcome = await project.devshm('reset')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toMatch(
    /the step of the set-up `sqlite3 .*` failed \(exit status 3\):\n {2}\| out\n {2}\| error\n/,
  )
  const line = /its database is kept: (sqlite3 .*)/.exec(outcome.stderr)?.[1] ?? ''
  expect(await project.command('sh', '-c', `${line} .tables`)).toMatchObject({ status: 0, stdout: 'half\n' })
  const log = /everything it printed: (.*)/.exec(outcome.stderr)?.[1] ?? ''
  expect(readFileSync(log, 'utf8')).toBe('out\nerror\n')
  expect(precious(project)).toEqual([{ x: 'precious' }])
  expect((await project.devshm('template', 'list')).stdout).toBe('no template is cached\n')
})

test('a step that writes to the database of the user is named, and the data is put back', async () => {
  await using project = await projectWithData(
    `sqlite3 "$APP_DB" "create table t (x)"; sqlite3 db.sqlite3 "delete from mine; insert into mine values ('overwritten')"`,
  )
  const outcome = await project.devshm('reset')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toMatch(/the step `sqlite3 .*` wrote to \S*db\.sqlite3 instead of a private database/)
  expect(precious(project)).toEqual([{ x: 'precious' }])
  const kept = /kept as the snapshot (@\S+?)\./.exec(outcome.stderr)?.[1] ?? ''
  await project.devshm('restore', kept)
  expect(precious(project)).toEqual([{ x: 'overwritten' }])
})

test('the same while it is in RAM, also where the step then fails', async () => {
  await using project = await projectWithData(`sqlite3 db.sqlite3 "drop table mine"; exit 1`)
  await project.devshm('attach')
  expect((await project.devshm('reset')).stderr).toContain('its content was put back')
  expect(precious(project)).toEqual([{ x: 'precious' }])
  await project.devshm('detach')
  expect(precious(project)).toEqual([{ x: 'precious' }])
})

test('a database that a step makes at the path of the user, where there was none, is moved to a snapshot', async () => {
  await using project = await createShellProject()
  project.configure({ setup: [{ run: `sqlite3 db.sqlite3 "create table astray (x)"`, inputs: [] }] })
  const outcome = await project.devshm('reset')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toContain('wrote to')
  expect(existsSync(project.origin)).toBe(false)
})

test('a step that leaves the private database untouched has failed', async () => {
  await using project = await projectWithData('true')
  const outcome = await project.devshm('reset')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toContain('the step `true` wrote nothing to the private database')
  expect(outcome.stderr).toContain('"env"')
})

test('where an app has the database open and it changes meanwhile, it is not put back, and that is said', async () => {
  await using project = await projectWithData(
    `sqlite3 "$APP_DB" "create table t (x)"; sqlite3 db.sqlite3 "insert into mine values ('whose?')"`,
  )
  const app = project.start(
    'python3',
    '-c',
    `
import sqlite3
database = sqlite3.connect("db.sqlite3")
database.execute("select * from mine").fetchall()
print("ready", flush=True)
input()`,
  )
  await app.waitFor(/ready/)
  const outcome = await project.devshm('reset')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toContain('it cannot be told whose change that is')
  expect(precious(project)).toEqual([{ x: 'precious,whose?' }])
})

test('a step that flushes, drops and replaces "its" database reaches the private one only', async () => {
  await using project = await projectWithData(
    `sqlite3 "$APP_DB" "create table a (x)"; rm "$APP_DB"; sqlite3 "$APP_DB.new" "create table b (x)"; mv "$APP_DB.new" "$APP_DB"`,
  )
  expect(await project.devshm('template', 'build')).toMatchObject({ status: 0 })
  expect(precious(project)).toEqual([{ x: 'precious' }])
  await project.devshm('reset')
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 'b' }])
})

test('a step may leave its database in WAL mode with a full log, and processes behind', async () => {
  await using project = await projectWithData(`python3 -c '
import os, sqlite3, subprocess
database = sqlite3.connect(os.environ["APP_DB"], isolation_level=None)
database.execute("pragma journal_mode = wal")
database.execute("create table in_log (x)")
subprocess.Popen(["sleep", "1000"])
os._exit(0)'`)
  expect(await project.devshm('reset')).toMatchObject({ status: 0 })
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 'in_log' }])
  expect(project.sql('pragma journal_mode')).toEqual([{ journal_mode: 'delete' }])
})

test('files that change while a step runs make it run again; one that a step itself changes is an error that names it', async () => {
  await using project = await createShellProject()
  project.configure({
    setup: [{ run: `sqlite3 "$APP_DB" "create table t (x)"; date +%N >> input.txt`, inputs: ['input.txt'] }],
  })
  project.write('input.txt', '')
  const outcome = await project.devshm('reset')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toContain('files change while the set-up runs: input.txt')

  project.configure({
    setup: [
      {
        run: `sqlite3 "$APP_DB" < input.txt; echo ran >> "$RUNS"; grep -q second input.txt || echo 'create table second (x);' > input.txt`,
        inputs: ['input.txt'],
      },
    ],
  })
  project.write('input.txt', 'create table first (x);')
  expect((await project.devshm('reset')).status).toBe(0)
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 'second' }])
  expect(project.runs()).toEqual({ ran: 2 })
})

test('without anything that says how, one line says what to write', async () => {
  await using project = await createShellProject()
  project.configure({ setup: undefined })
  const outcome = await project.devshm('reset')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toMatch(
    /^devshm: nothing says how the databases of \S+ are set up\n {2}name the steps under "setup"/,
  )
})

test('a step cannot ask for the template that it is a part of', async () => {
  await using project = await createShellProject()
  const command = [process.execPath, join(import.meta.dirname, '../../src/cli/main.ts'), 'reset'].join(' ')
  project.configure({ setup: [{ run: command, inputs: [] }] })
  const outcome = await project.devshm('reset')
  expect(outcome.status).toBe(1)
  expect(outcome.stderr).toContain('take devshm out of the commands under "setup"')
})
