import { linkSync, mkdirSync, symlinkSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DevshmError, UsageError } from '../errors.ts'
import { type FoundDatabases, findDatabases } from './find-databases.ts'
import { createTestProject } from './project-for-tests.ts'

const LIVE = '/dev/shm/devshm-0/site-0123456789/x.db/0a1b2c3d4e5f/live.sqlite3'

async function find(cwd: string, ...explicit: string[]): Promise<FoundDatabases> {
  return await findDatabases({ cwd, explicit })
}

async function pathsFound(cwd: string, ...explicit: string[]): Promise<string[]> {
  return (await find(cwd, ...explicit)).databases.map(({ path }) => path)
}

async function failure(cwd: string, ...explicit: string[]): Promise<DevshmError> {
  const error: unknown = await find(cwd, ...explicit).catch((thrown: unknown) => thrown)
  if (error instanceof DevshmError) return error
  throw new Error(`expected a DevshmError, got ${String(error)}`)
}

test('--db is relative to the current folder, goes before all else, and need not exist', async () => {
  using project = createTestProject({ 'devshm.config.json': '{"saveEvery": 5, "databases": {"a": {"path": "a.db"}}}' })
  const found = await find(project.folder('sub'), 'x.db', '../y/x.db')
  expect(found).toEqual({
    root: project.path,
    configuration: { saveEvery: 5, databases: { a: { path: 'a.db' } } },
    databases: [
      { name: 'sub-x-db', path: project.at('sub/x.db'), source: 'option' },
      { name: 'y-x-db', path: project.at('y/x.db'), source: 'option' },
    ],
  })
})

test('an empty --db is refused', async () => {
  using project = createTestProject()
  const error = await failure(project.path, '')
  expect(error).toBeInstanceOf(UsageError)
  expect(error.message).toBe('--db was given an empty path')
})

test('two names of one file are one database', async () => {
  using project = createTestProject()
  const path = project.database('a.db')
  linkSync(path, project.at('hard.db'))
  symlinkSync('a.db', project.at('link.db'))
  symlinkSync(LIVE, project.at('live-1.db'))
  symlinkSync(LIVE, project.at('live-2.db'))
  expect(
    await pathsFound(project.path, 'link.db', 'a.db', 'hard.db', './x.db', 'x.db', 'live-1.db', 'live-2.db'),
  ).toEqual(['link.db', 'x.db', 'live-1.db'].map((name) => project.at(name)))
})

test('the configuration goes before detection, relative to its folder', async () => {
  using project = createTestProject({ 'package.json': '{"devshm": {"databases": {"main": {"path": "data/m.db"}}}}' })
  project.database('other.db')
  expect((await find(project.folder('sub'))).databases).toEqual([
    { name: 'main', path: project.at('data/m.db'), source: 'configuration' },
  ])
})

test.each(['a regular file', 'a link that leads nowhere'])('db.sqlite3 beside manage.py is %s', async (kind) => {
  using project = createTestProject({ 'manage.py': 'no settings in here: Django is not asked' })
  if (kind === 'a regular file') project.write('db.sqlite3', '')
  else symlinkSync(LIVE, project.at('db.sqlite3'))
  project.database('other.sqlite3')
  expect((await find(project.folder('app'))).databases).toEqual([
    { name: 'default', path: project.at('db.sqlite3'), source: 'django' },
  ])
})

test('a Django project in a folder of the repository is found, by search and by the command', async () => {
  using project = createTestProject({ '.git/HEAD': '', 'one/manage.py': '', 'one/db.sqlite3': '' })
  expect(await pathsFound(project.path)).toEqual([project.at('one/db.sqlite3')])
  project.write('two/manage.py', '')
  project.write('two/db.sqlite3', '')
  const command = ['python', 'two/manage.py', 'runserver']
  const { databases } = await findDatabases({ cwd: project.path, explicit: [], command })
  expect(databases.map(({ path }) => path)).toEqual([project.at('two/db.sqlite3')])
})

test('a Django example does not hide the database of the project around it', async () => {
  using project = createTestProject({ '.git/HEAD': '', 'examples/manage.py': '', 'examples/db.sqlite3': '' })
  const path = project.database('app.db')
  expect(await pathsFound(project.path)).toEqual([path])
})

test.each(['app.sqlite3', 'data/app.sqlite', 'a/b/c/d/APP.DB'])('%s is found by its header', async (name) => {
  using project = createTestProject({ 'package.json': '{}', 'thumbs.db': 'not a database', 'empty.db': '' })
  mkdirSync(project.at('folder.db'))
  const path = project.database(name)
  expect((await find(project.path)).databases).toEqual([{ name: expect.any(String), path, source: 'found' }])
})

test.each([
  'node_modules/x.db',
  '.git/x.db',
  '.devshm/x.db',
  '.hidden/x.db',
  'vendor/x.db',
  'dist/x.db',
  'build/x.db',
  'env/x.db',
  'a/b/c/d/e/x.db',
  'linked/x.db',
])('%s is not found', async (name) => {
  using project = createTestProject({ 'env/pyvenv.cfg': '', 'package.json': '{}' })
  using elsewhere = createTestProject()
  symlinkSync(elsewhere.path, project.at('linked'))
  project.database(name)
  const error = await failure(project.path)
  expect(error).toMatchObject({ code: 'DATABASE_NOT_FOUND', message: `there is no SQLite database in ${project.path}` })
  expect(error.hint).toContain('--db PATH')
})

test('a link counts if it leads to a live database, to an empty file or to a real one', async () => {
  using project = createTestProject({ 'package.json': '{}', empty: '', text: 'text' })
  symlinkSync('/nowhere/else.sqlite3', project.at('dangling.db'))
  symlinkSync('text', project.at('text.db'))
  await expect(find(project.path)).rejects.toThrow('there is no SQLite database')
  for (const target of [LIVE, 'empty', project.database('real')]) {
    using inner = createTestProject({ 'package.json': '{}' })
    symlinkSync(target.startsWith('/') ? target : project.at(target), inner.at('x.db'))
    expect(await pathsFound(inner.path)).toEqual([inner.at('x.db')])
  }
})

test('of a link and its target in the project the target is meant', async () => {
  using project = createTestProject({ 'package.json': '{}' })
  const path = project.database('data/real.db')
  symlinkSync('data/real.db', project.at('app.db'))
  expect(await pathsFound(project.path)).toEqual([path])
})

test('of several databases none is guessed; they are listed relative to the current folder', async () => {
  using project = createTestProject({ 'package.json': '{}' })
  const databases = [project.database('a.db'), project.database('data/backup-2024.db')]
  const error = await failure(project.folder('data'))
  expect(error).toMatchObject({
    code: 'DATABASE_AMBIGUOUS',
    message: `there are 2 SQLite databases in ${project.path}: ../a.db, backup-2024.db`,
    hint: 'choose with --db PATH (as often as you like), or name them in devshm.config.json under "databases"',
    details: { databases },
  })
})

test("of a Rails project's databases the one for development is meant", async () => {
  using project = createTestProject({ 'config.ru': '' })
  project.database('storage/test.sqlite3')
  const path = project.database('storage/development.sqlite3')
  project.database('storage/production.sqlite3')
  expect(await pathsFound(project.path)).toEqual([path])
  project.database('storage/other.sqlite3')
  await expect(find(project.path)).rejects.toThrow('there are 4 SQLite databases')
})

test('a database that was removed while in RAM is still meant, because devshm has a folder for it', async () => {
  using project = createTestProject({ 'package.json': '{}', '.devshm/app.sqlite3/lock': '', '.devshm/.gitignore': '*' })
  expect(await pathsFound(project.path)).toEqual([project.at('app.sqlite3')])
  const other = project.database('data/other.sqlite3')
  expect(await pathsFound(project.path)).toEqual([other])
})

test('of several databases the one that is in RAM is meant, so that a copy beside it is in nobody’s way', async () => {
  using project = createTestProject({ 'package.json': '{}' })
  project.database('backup.sqlite3')
  symlinkSync(LIVE, project.at('app.sqlite3'))
  expect(await pathsFound(project.path)).toEqual([project.at('app.sqlite3')])
  symlinkSync(LIVE.replace('0a1b', '9f9f'), project.at('other.sqlite3'))
  expect((await failure(project.path)).code).toBe('DATABASE_AMBIGUOUS')
})
