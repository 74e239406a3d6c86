import { existsSync, lstatSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DEVSHM, eventually, isLink } from '../support/playground.ts'
import { createShellProject, noted, type ShellProject } from './support/shell-project.ts'

/** A project of which nothing is known but its path: its steps write to `db.sqlite3`. */
async function projectInPlace(...steps: string[]): Promise<ShellProject> {
  const project = await createShellProject()
  project.configure({ env: undefined, setup: steps.map((run) => ({ run, inputs: ['migrations/*'] })) })
  return project
}

const MIGRATE = noted('migrate', 'cat migrations/*.sql | sqlite3 -bail db.sqlite3')
const LOAD = noted('load', 'sqlite3 -bail db.sqlite3 < fixtures/items.sql')

test('without variables the steps run in place: the path leads elsewhere, and the file itself is not touched', async () => {
  await using project = await projectInPlace(MIGRATE, LOAD)
  project.sql(`create table mine (x); insert into mine values ('precious')`)
  const before = lstatSync(project.origin, { bigint: true })
  expect(await project.devshm('template', 'build')).toMatchObject({ status: 0 })
  const { ino, size, mtimeNs } = lstatSync(project.origin, { bigint: true })
  expect({ ino, size, mtimeNs }).toEqual({ ino: before.ino, size: before.size, mtimeNs: before.mtimeNs })
  expect(project.sql('select x from mine')).toEqual([{ x: 'precious' }])
  await project.devshm('reset')
  expect(project.sql('select count(*) as n from item')).toEqual([{ n: 2 }])
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
  await project.devshm('undo')
  expect(project.sql('select x from mine')).toEqual([{ x: 'precious' }])
})

test('the same where there is no database yet, and while it is in RAM', async () => {
  await using project = await projectInPlace(MIGRATE)
  await project.devshm('template', 'build')
  expect(existsSync(project.origin)).toBe(false)
  await project.devshm('reset')
  await project.devshm('attach')
  project.sql(`insert into item (name) values ('mine')`)
  project.write('migrations/002.sql', 'create table second (x);')
  expect(await project.devshm('template', 'build')).toMatchObject({ status: 0 })
  expect(isLink(project.origin)).toBe(true)
  expect(project.sql('select name from item')).toEqual([{ name: 'mine' }])
  expect(await project.devshm('reset')).toMatchObject({ status: 0 })
  expect(project.sql('select count(*) as n from item, second')).toEqual([{ n: 0 }])
  await project.devshm('detach')
})

test('a step that replaces or fails leaves the path as it was', async () => {
  await using project = await projectInPlace(`rm -f db.sqlite3; sqlite3 db.sqlite3 "create table fresh (x)"`)
  project.sql('create table mine (x)')
  expect(await project.devshm('template', 'build')).toMatchObject({ status: 0 })
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 'mine' }])
  project.configure({ setup: [{ run: `sqlite3 db.sqlite3 "drop table mine"; exit 1`, inputs: [] }] })
  expect(await project.devshm('reset')).toMatchObject({ status: 1 })
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 'mine' }])
})

test('while somebody has the database open it is refused, naming the process', async () => {
  await using project = await projectInPlace(MIGRATE)
  project.sql('create table mine (x)')
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
  expect(outcome.stderr).toContain(`(pid ${app.pid})`)
  expect(project.runs()).toEqual({})
})

test('killed in the middle, the next command puts the path back, and no step goes on', async () => {
  await using project = await projectInPlace(noted('begun', 'sqlite3 db.sqlite3 "create table t (x)"; sleep 1000'))
  project.sql(`create table mine (x)`)
  const building = project.start(...DEVSHM, 'template', 'build')
  await eventually('the step has begun', () => project.runs()['begun'] === 1)
  await eventually('it writes', () => project.sql('select name from sqlite_schema').some(({ name }) => name === 't'))
  building.process.kill('SIGKILL')
  await building.exit
  expect(await project.devshm('save')).toMatchObject({ status: 0 })
  expect(isLink(project.origin)).toBe(false)
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 'mine' }])
})
