import { readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'

test('in a healthy project it ends with 0 and changes nothing', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  const before = statSync(playground.origin, { bigint: true })
  const { status, stdout, stderr } = await playground.devshm('doctor')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('db.sqlite3')
  expect(readdirSync(playground.folder)).toEqual(['db.sqlite3'])
  expect(playground.inRam()).toEqual([])
  const after = statSync(playground.origin, { bigint: true })
  expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs])
})

test('a problem makes the status 1, and comes first with its remedy', async () => {
  await using playground = await createPlayground()
  writeFileSync(playground.origin, 'no database')
  const { status, stdout } = await playground.devshm('doctor', '--db', 'db.sqlite3')
  expect(status).toBe(1)
  expect(stdout).toMatch(
    /^problems\n {2}db\.sqlite3 +is not a SQLite database.*\n +-> name another database with --db\n/,
  )
  expect(stdout).toMatch(/\n1 problem(?:, \d warnings?)?\n$/)
})

test('without a database the machine is looked at all the same', async () => {
  await using playground = await createPlayground()
  const { status, stdout } = await playground.devshm('doctor')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^warnings\n {2}databases +there is no SQLite database/)
  expect(stdout).toContain('would be used')
})

test('a broken configuration is one problem, and what --db names is looked at all the same', async () => {
  await using playground = await createPlayground()
  playground.sql('create table t (a)')
  writeFileSync(join(playground.folder, 'devshm.config.json'), '{ "volumes": 1 }')
  const { status, stdout } = await playground.devshm('doctor', '--json', '--db', 'db.sqlite3')
  const { findings } = JSON.parse(stdout) as { findings: { check: string; level: string; subject: string }[] }
  expect(findings.filter(({ level }) => level === 'problem')).toMatchObject([
    { check: 'databases', subject: 'configuration' },
  ])
  expect(findings).toContainEqual({
    check: 'origin',
    level: 'ok',
    subject: playground.origin,
    message: 'can be attached',
  })
  expect(status).toBe(1)
})

test('where there are several databases, each is looked at', async () => {
  await using playground = await createPlayground()
  for (const name of ['one.db', 'two.db']) playground.sql('create table t (a)', join(playground.folder, name))
  const { status, stdout } = await playground.devshm('doctor')
  expect(status).toBe(1)
  expect(stdout).toContain('choose with --db')
  expect(stdout).toMatch(/one\.db +is on disk[^]*\n +two\.db +is on disk/)
})

test("a dangling link of the user's own is a problem", async () => {
  await using playground = await createPlayground()
  symlinkSync('nowhere.db', playground.origin)
  const { status, stdout } = await playground.devshm('doctor', '--db', 'db.sqlite3')
  expect(status).toBe(1)
  expect(stdout).toContain('nowhere.db, which does not exist')
})
