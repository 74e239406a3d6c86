import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openElsewhere } from '../support/other-program.ts'
import { createPlayground, liveOf, runSql, type Playground } from '../support/playground.ts'

async function projectWithTable(): Promise<Playground> {
  const project = await createPlayground()
  onTestFinished(() => project[Symbol.asyncDispose]())
  project.sql('create table t (id integer primary key, v); insert into t values (1, 1)')
  return project
}

test('two files are compared anywhere, and nothing is left beside them', async () => {
  const project = await projectWithTable()
  const other = join(project.folder, 'other.sqlite3')
  runSql(other, 'create table t (id integer primary key, v); insert into t values (1, 2)')
  const before = readdirSync(project.folder)
  const { status, stdout } = await project.devshm('diff', 'other.sqlite3', 'db.sqlite3', '--rows')
  expect(stdout).toContain('~ t 1: v 2 → 1\n')
  expect(status).toBe(0)
  expect(readdirSync(project.folder)).toEqual(before)
})

test('--exit-code tells whether there is a difference', async () => {
  const project = await projectWithTable()
  await project.devshm('attach')
  expect((await project.devshm('diff', '--exit-code')).status).toBe(0)
  project.sql('insert into t values (2, 2)')
  expect((await project.devshm('diff', '--exit-code')).status).toBe(1)
  expect((await project.devshm('diff')).status).toBe(0)
})

test('without a state to compare with there is one clear line, and nothing is created', async () => {
  const project = await projectWithTable()
  const { status, stderr } = await project.devshm('diff')
  expect(status).toBe(1)
  expect(stderr).toMatch(
    /^devshm: nothing is known of .*db\.sqlite3 that it could be compared with\n {2}take a snapshot/,
  )
  expect(existsSync(join(project.folder, '.devshm'))).toBe(false)
})

test('a diff changes nothing: not the files, not the attachment, and what a killed one left goes away', async () => {
  const project = await projectWithTable()
  await project.devshm('attach')
  const live = liveOf(project.origin)
  project.sql('insert into t values (2, 2)')
  writeFileSync(join(live, '../diff-b.sqlite3'), 'left by a diff that was killed')
  const status = await project.status()
  expect((await project.devshm('diff')).stdout).toContain('  t  +1\n')
  expect(project.inRam().filter((path) => path.includes('diff-'))).toEqual([])
  expect(readdirSync(join(project.folder, '.devshm/db.sqlite3/unfinished'))).toEqual([])
  expect({ ...(await project.status()), ram: 0 }).toEqual({ ...status, ram: 0 })
})

test('what an app has not committed is not in the diff, and it can commit meanwhile', async () => {
  const project = await projectWithTable()
  await project.devshm('attach')
  await using app = await openElsewhere(project.origin)
  await app.script('begin immediate; insert into t values (7, 7)')
  expect((await project.devshm('diff')).stdout).toContain('no difference')
  await app.sql('commit')
  expect((await project.devshm('diff')).stdout).toContain('  t  +1\n')
})

test('the default is what live was last made equal to, else the newest snapshot, else @attach', async () => {
  const project = await projectWithTable()
  await project.devshm('attach')
  const heading = async (): Promise<string> => (await project.devshm('diff')).stdout.split('\n')[0] ?? ''
  expect(await heading()).toMatch(/^db\.sqlite3: @attach \(/)
  const store = join(project.folder, '.devshm/db.sqlite3')
  for (const name of ['newest', 'base']) {
    runSql(join(store, 'snapshots', `${name}.sqlite3`), 'create table t (x)')
    expect(await heading()).toMatch(new RegExp(`^db\\.sqlite3: ${name} \\(`))
  }
  const base = { kind: 'snapshot', name: 'newest', at: new Date().toISOString() }
  writeFileSync(join(store, 'history.json'), JSON.stringify({ version: 1, base }))
  expect(await heading()).toMatch(/^db\.sqlite3: newest \(/)
})

test('of several databases each has a section', async () => {
  const project = await projectWithTable()
  mkdirSync(join(project.folder, 'more'))
  const second = join(project.folder, 'more/second.sqlite3')
  runSql(second, 'create table u (x)')
  const both = ['--db', 'db.sqlite3', '--db', 'more/second.sqlite3']
  await project.devshm('attach', ...both)
  project.sql('insert into t values (2, 2)')
  const { stdout } = await project.devshm('diff', ...both)
  expect(stdout).toMatch(
    /^db\.sqlite3: (.|\n)* {2}t {2}\+1\n(.|\n)*\n\nmore\/second\.sqlite3: .*\n {2}no difference in 1 table\n$/,
  )
  await project.devshm('detach', ...both)
})

test('when the RAM is gone, it says which command restores the last save', async () => {
  const project = await projectWithTable()
  await project.devshm('attach')
  const { rm } = await import('node:fs/promises')
  const [holder] = (await project.status())['heldBy'] as { pid: number }[]
  process.kill(holder?.pid ?? 0, 'SIGKILL')
  await rm(project.volume, { recursive: true })
  mkdirSync(project.volume)
  const { status, stderr } = await project.devshm('diff')
  expect(stderr).toMatch(/the RAM that .*db\.sqlite3 was in is gone.*\n {2}devshm detach restores the last save/)
  expect(status).toBe(1)
})
