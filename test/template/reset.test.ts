import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createShellProject, noted } from './support/shell-project.ts'

const names = `select group_concat(name order by id) as names from item`

test('the first reset builds, the second takes what is cached; what was overwritten comes back with undo', async () => {
  await using project = await createShellProject()
  const first = await project.devshm('reset')
  expect(first).toMatchObject({ status: 0, stdout: '' })
  expect(first.stderr).toMatch(/step 1 of 2: .*migrations.*\n {2}done .*\n.*step 2 of 2: .*fixtures/)
  expect(first.stderr).toMatch(/db\.sqlite3 is reset to its template/)
  expect(project.sql(names)).toEqual([{ names: 'one,two' }])

  project.sql(`delete from item; insert into item values (7, 'mine')`)
  const second = await project.devshm('reset')
  expect(second.stderr).not.toContain('step')
  expect(second.stderr).toMatch(/kept as @before-reset-1; devshm undo brings it back/)
  expect(project.sql(names)).toEqual([{ names: 'one,two' }])
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })

  expect(await project.devshm('undo')).toMatchObject({ status: 0 })
  expect(project.sql(names)).toEqual([{ names: 'mine' }])
})

test('a changed fixture runs only its step, a changed migration both', async () => {
  await using project = await createShellProject()
  await project.devshm('reset')
  project.write('fixtures/items.sql', "insert into item (name) values ('three');")
  await project.devshm('reset')
  expect(project.runs()).toEqual({ migrate: 1, load: 2 })
  expect(project.sql(names)).toEqual([{ names: 'three' }])
  project.write('migrations/001.sql', 'create table item (id integer primary key, name text, price real);')
  await project.devshm('reset')
  expect(project.runs()).toEqual({ migrate: 2, load: 3 })
  project.write('other.txt', 'no input')
  await project.devshm('reset')
  expect(project.runs()).toEqual({ migrate: 2, load: 3 })
})

test('going back to an earlier state, as with another branch, is a hit', async () => {
  await using project = await createShellProject()
  await project.devshm('template', 'build')
  project.write('migrations/002.sql', 'create table other (id integer primary key);')
  await project.devshm('template', 'build')
  await project.command('rm', 'migrations/002.sql')
  await project.devshm('template', 'build')
  expect(project.runs()).toEqual({ migrate: 2, load: 2 })
})

test('the value of a variable that a step names decides, and others do not', async () => {
  await using project = await createShellProject()
  project.configure({
    setup: [{ run: noted('make', `sqlite3 "$APP_DB" "create table $TABLE (x)"`), inputs: [], variables: ['TABLE'] }],
  })
  for (const [table, other] of ['a 1', 'a 2', 'b 2', 'a 3'].map((pair) => pair.split(' '))) {
    Object.assign(project.env, { TABLE: table, OTHER: other })
    expect(await project.devshm('reset')).toMatchObject({ status: 0 })
    expect(project.sql('select name from sqlite_schema')).toEqual([{ name: table }])
  }
  expect(project.runs()).toEqual({ make: 2 })
})

test('a step that names no inputs depends on every file of the project', async () => {
  await using project = await createShellProject()
  project.configure({ setup: [{ run: noted('make', `sqlite3 "$APP_DB" < migrations/001.sql`) }] })
  await project.devshm('reset')
  project.write('notes.txt', 'new')
  await project.devshm('reset')
  expect(project.runs()).toEqual({ make: 2 })
})

test('an incremental step runs only what is pending, on top of the newest state that it may continue', async () => {
  await using project = await createShellProject()
  const migrate = `for f in $(ls migrations); do
    sqlite3 -bail "$APP_DB" "create table if not exists done (f); select 1 from done where f='$f'" | grep -q 1 ||
    { echo $f >> "$RUNS"; sqlite3 -bail "$APP_DB" ".read migrations/$f" "insert into done values ('$f')"; } || exit 1; done`
  project.configure({ setup: [{ run: migrate, inputs: ['migrations/*.sql'], incremental: true }] })
  await project.devshm('reset')
  project.write('migrations/002.sql', 'create table b (x);')
  const pending = await project.devshm('reset')
  expect(pending.stderr).toContain('what is pending')
  expect(project.runs()).toEqual({ '001.sql': 1, '002.sql': 1 })

  // Merged in between: the state before the second is still cached.
  project.write('migrations/0015.sql', 'create table between_them (x);')
  await project.devshm('reset')
  expect(project.runs()).toEqual({ '001.sql': 1, '002.sql': 2, '0015.sql': 1 })

  project.write('migrations/0005.sql', 'create table before_all (x);')
  const merged = await project.devshm('template', 'explain')
  expect(merged.stdout).toMatch(/will run in full: .*0005\.sql/)
  await project.devshm('reset')
  expect(project.runs()).toEqual({ '0005.sql': 1, '001.sql': 2, '002.sql': 3, '0015.sql': 2 })
  expect((await project.devshm('template', 'verify')).stdout).toContain('main: equal to a fresh build')
})

test('an incremental step that fails on top of an older state is run in full', async () => {
  await using project = await createShellProject()
  project.configure({
    setup: [{ run: 'cat migrations/*.sql | sqlite3 -bail "$APP_DB"', inputs: ['migrations/*.sql'], incremental: true }],
  })
  await project.devshm('reset')
  project.write('migrations/002.sql', 'create table b (x);')
  const outcome = await project.devshm('reset')
  expect(outcome).toMatchObject({ status: 0 })
  expect(outcome.stderr).toContain('is run in full')
  expect(project.sql('select count(*) as n from sqlite_schema')).toEqual([{ n: 2 }])
})

test('a database of the project that no step makes is left alone', async () => {
  await using project = await createShellProject()
  project.configure({ databases: { main: { path: 'db.sqlite3' }, log: { path: 'log.sqlite3' } } })
  project.sql('create table kept (x)', join(project.folder, 'log.sqlite3'))
  const outcome = await project.devshm('reset')
  expect(outcome.stderr).toContain('the set-up makes no log.sqlite3; it stays as it is')
  expect(project.sql('select name from sqlite_schema', join(project.folder, 'log.sqlite3'))).toEqual([{ name: 'kept' }])
})

test('nothing temporary is left in RAM or in the cache', async () => {
  await using project = await createShellProject()
  await project.devshm('reset')
  expect(project.inRam()).toEqual([])
  expect(readdirSync(join(project.cache, 'unfinished'))).toEqual([])
})
