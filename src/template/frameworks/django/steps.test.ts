import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createExampleProject, MANAGE } from './find-django.fixture.ts'

const SQLITE = `DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n`
const FILES = { 'manage.py': MANAGE, 'site_/settings.py': SQLITE }

async function commands(
  files: Record<string, string>,
  options?: Parameters<ReturnType<typeof createExampleProject>['find']>[0],
): Promise<string[] | undefined> {
  using project = createExampleProject(files)
  return (await project.find(options))?.steps.map(({ run }) => run)
}

function moved(files: Record<string, string>, to: string): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${to}/${name}`, text]))
}

test('the default database is migrated, without asking Django', async () => {
  using project = createExampleProject(FILES)
  expect(await project.find()).toMatchObject({
    name: 'django',
    route: { kind: 'django' },
    steps: [{ run: 'python3 manage.py migrate --noinput', inputs: [], incremental: true }],
  })
})

test('manage.py may be in a folder, with a name to be quoted', async () => {
  const databases = { default: `it's here/db.sqlite3` }
  expect(await commands(moved(FILES, `it's here`), { databases })).toEqual([
    `cd 'it'\\''s here' && python3 manage.py migrate --noinput`,
  ])
})

test('of two projects it is the one with the database, and none if that does not tell', async () => {
  const files = { ...moved(FILES, 'one'), ...moved(FILES, 'two') }
  expect(await commands(files, { databases: { default: 'two/db.sqlite3' } })).toEqual([
    'cd two && python3 manage.py migrate --noinput',
  ])
  expect(await commands(files)).toBeUndefined()
})

test('a manage.py of another framework is not Django', async () => {
  expect(await commands({ 'manage.py': 'from flask_script import Manager' })).toBeUndefined()
  expect(await commands({ 'app.py': '' })).toBeUndefined()
})

test('the virtual environment of the project is called by a path that is the same in every copy', async () => {
  using project = createExampleProject(moved(FILES, 'site'))
  mkdirSync(join(project.root, '.venv/bin'), { recursive: true })
  symlinkSync('/usr/bin/python3', join(project.root, '.venv/bin/python'))
  const databases = { default: 'site/db.sqlite3' }
  expect((await project.find({ databases }))?.steps[0]?.run).toBe(
    'cd site && ../.venv/bin/python manage.py migrate --noinput',
  )
  const active = join(project.root, '../active env')
  mkdirSync(join(active, 'bin'), { recursive: true })
  symlinkSync('/usr/bin/python3', join(active, 'bin/python'))
  const env = { VIRTUAL_ENV: active }
  expect((await project.find({ databases, env }))?.steps[0]?.run).toBe(
    `cd site && '${active}/bin/python' manage.py migrate --noinput`,
  )
})

const SEVERAL = `
def sqlite(name):
    return {'ENGINE': 'django.db.backends.sqlite3', 'NAME': name}
SECRET_KEY = 'x'
DATABASES = {
    'default': sqlite('db.sqlite3'),
    'logs': sqlite('data/logs.db'),
    'memory': sqlite(':memory:'),
    'main': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop'},
}
`

test('each SQLite database has a step, by the alias that Django has for it', async () => {
  const files = { 'manage.py': MANAGE, 'site_/settings.py': SEVERAL }
  const migrate = 'python3 manage.py migrate --noinput'
  const both = { events: 'data/logs.db', default: 'db.sqlite3' }
  const env = { PATH: '/usr/bin:/bin' }
  expect(await commands(files, { databases: both, env })).toEqual([migrate, `${migrate} --database=logs`])
  expect(await commands(files, { databases: { main: 'data/logs.db' }, env })).toEqual([`${migrate} --database=logs`])
})
