import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DevshmError } from '../errors.ts'
import { djangoDatabases, inMemoryDatabases } from './django.ts'
import { findDatabases } from './find-databases.ts'
import { createTestProject, type TestProject } from './project-for-tests.ts'

const MANAGE = `import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")\n`
const COUNT = `open(BASE_DIR / 'asked.log', 'a').write('x')\n`
// Debian's Django belongs to /usr/bin/python3; another Python may come first.
const ENV = { ...process.env, PATH: `/usr/bin:${process.env['PATH']}`, VIRTUAL_ENV: '', DJANGO_SETTINGS_MODULE: '' }

/** A project whose settings note, in `asked.log`, each time that they are imported. */
function djangoProject(settings: string, files: Record<string, string> = {}): TestProject {
  const start = `from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nSECRET_KEY = 'x'\n${COUNT}`
  return createTestProject({
    'manage.py': MANAGE,
    'site_/__init__.py': '',
    'site_/settings.py': `${start}${settings}`,
    ...files,
  })
}

function sqlite(databases: Record<string, string>): string {
  const entries = Object.entries(databases).map(
    ([alias, name]) => `'${alias}': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ${name}}`,
  )
  return `DATABASES = {${entries.join(', ')}}\n`
}

function whereIs(project: TestProject, env: NodeJS.ProcessEnv = {}): Parameters<typeof djangoDatabases>[0] {
  return { root: project.path, folder: project.path, cwd: project.path, env: { ...ENV, ...env } }
}

async function paths(project: TestProject, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  return (await djangoDatabases(whereIs(project, env))).map(({ path }) => path.replace(`${project.path}/`, ''))
}

async function failure(asking: Promise<unknown>): Promise<DevshmError> {
  const error: unknown = await asking.catch((thrown: unknown) => thrown)
  if (!(error instanceof DevshmError)) throw new Error(`expected a DevshmError, got ${String(error)}`)
  expect(error).toMatchObject({ code: 'DATABASE_NOT_FOUND', hint: expect.stringContaining('--db PATH') })
  return error
}

function timesAsked(project: TestProject): number {
  return readFileSync(project.at('asked.log'), 'utf8').length
}

const APP = sqlite({ default: `BASE_DIR / 'data' / 'app.sqlite3'` })

test('all databases that are SQLite files are found, whatever the settings print, and one file once', async () => {
  const names = {
    default: `BASE_DIR / 'data' / 'app.sqlite3'`,
    logs: `'logs.db'`,
    same: `'data/app.sqlite3'`,
    ram: `':memory:'`,
  }
  using project = djangoProject(`print('{"databases": []}')\nimport os\nos.write(2, b'noise')\n${sqlite(names)}`)
  expect(await findDatabases({ cwd: project.folder('site_'), explicit: [], env: ENV })).toEqual({
    root: project.path,
    configuration: {},
    databases: [
      { name: 'default', path: project.at('data/app.sqlite3'), source: 'django' },
      { name: 'logs', path: project.at('logs.db'), source: 'django' },
    ],
  })
  expect(await inMemoryDatabases(whereIs(project))).toEqual([{ alias: 'ram', name: ':memory:' }])
})

test('it is asked once, and what is remembered is private and ignored by git', async () => {
  using project = djangoProject(APP)
  expect([await paths(project), await paths(project)]).toEqual([['data/app.sqlite3'], ['data/app.sqlite3']])
  expect(timesAsked(project)).toBe(1)
  expect(statSync(project.at('.devshm')).mode & 0o777).toBe(0o700)
  expect(readFileSync(project.at('.devshm/.gitignore'), 'utf8')).toBe('*\n')
})

test.each<[string, (project: TestProject) => void, string]>([
  [
    'the settings',
    (project) => project.write('site_/settings.py', `SECRET_KEY = 'x'\n${sqlite({ default: `'n.db'` })}`),
    'n.db',
  ],
  ['a file that the settings import', (project) => project.write('site_/names.py', `NAME = 'other.db'`), 'other.db'],
  ['a file that the settings read', (project) => project.write('name.txt', 'read.db'), 'read.db'],
  ['a file that the settings look for', (project) => project.write('site_/local.py', `NAME = 'local.db'`), 'local.db'],
  [
    'manage.py',
    (project) => {
      project.write('site_/more.py', `SECRET_KEY = 'x'\n${sqlite({ default: `'more.db'` })}`)
      project.write('manage.py', MANAGE.replace('settings', 'more'))
    },
    'more.db',
  ],
])('it is asked again when %s changes', async (_what, change, expected) => {
  const settings = `
from .names import NAME
NAME = (BASE_DIR / 'name.txt').read_text() or NAME
try:
    from .local import NAME
except ImportError:
    pass
${sqlite({ default: 'NAME' })}`
  using project = djangoProject(settings, { 'site_/names.py': `NAME = 'app.db'`, 'name.txt': '' })
  expect([await paths(project), await paths(project)]).toEqual([['app.db'], ['app.db']])
  expect(timesAsked(project)).toBe(1)
  change(project)
  expect(await paths(project)).toEqual([expected])
})

test('it is asked again when an environment variable that the settings read changes; values are not kept', async () => {
  using project = djangoProject(`import os\n${sqlite({ default: `os.environ.get('DB_FILE', 'unset.db')` })}`)
  expect(await paths(project)).toEqual(['unset.db'])
  expect(await paths(project, { DB_FILE: 'set.db', UNRELATED: 'secret' })).toEqual(['set.db'])
  expect(await paths(project, { DB_FILE: 'set.db', UNRELATED: 'other' })).toEqual(['set.db'])
  expect(timesAsked(project)).toBe(2)
})

test('an answer is not remembered if a file changed while Django was being asked', async () => {
  using project = djangoProject(APP)
  const later = new Date(Date.now() + 60_000)
  utimesSync(project.at('site_/settings.py'), later, later)
  await paths(project)
  expect(existsSync(project.at('.devshm/django.json'))).toBe(false)
})

test('a damaged memory is passed over', async () => {
  using project = djangoProject(APP)
  await paths(project)
  project.write('.devshm/django.json', `{"site_.settings in ${project.path}": 7}`)
  expect(await paths(project)).toEqual(['data/app.sqlite3'])
})

test.each([
  ['--settings', ['--settings', 'site_.two']],
  ['--settings=', ['--settings=site_.two']],
])('%s of the command goes before the environment, which goes before manage.py', async (_how, words) => {
  using project = djangoProject(APP, {
    'site_/one.py': `SECRET_KEY = 'x'\n${sqlite({ default: `'one.db'` })}`,
    'site_/two.py': `SECRET_KEY = 'x'\n${sqlite({ default: `'two.db'` })}`,
  })
  const env = { DJANGO_SETTINGS_MODULE: 'site_.one' }
  expect(await paths(project, env)).toEqual(['one.db'])
  const command = ['python3', 'manage.py', 'runserver', ...words]
  expect(await djangoDatabases({ ...whereIs(project, env), command })).toMatchObject([{ path: project.at('two.db') }])
})

test('settings that raise are reported with the last line of Python', async () => {
  using project = djangoProject(`raise RuntimeError('no secret for you')`)
  expect((await failure(djangoDatabases(whereIs(project)))).message).toBe(
    `cannot ask Django in ${project.path} for its databases: python3: RuntimeError: no secret for you`,
  )
})

test('a Python that cannot even begin is reported as well', async () => {
  using project = djangoProject(APP)
  const error = await failure(djangoDatabases(whereIs(project, { PYTHONHOME: '/nonexistent' })))
  expect(error.message).toContain('python3: ')
})

test('no Python, and no settings module', async () => {
  using project = djangoProject(APP)
  expect((await failure(djangoDatabases(whereIs(project, { PATH: project.path })))).message).toContain(
    'there is no Python',
  )
  project.write('manage.py', '# os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commented.out")')
  expect((await failure(djangoDatabases(whereIs(project)))).message).toContain(
    `${project.at('manage.py')} names no settings module`,
  )
})

test('settings that hang are given up', async () => {
  using project = djangoProject('import time\ntime.sleep(60)\n')
  const error = await failure(djangoDatabases({ ...whereIs(project), timeoutMs: 700 }))
  expect(error.message).toContain('no answer within 0.7 s')
})

test('a thread that the settings leave running does not delay the answer', async () => {
  using project = djangoProject(
    `import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n${APP}`,
  )
  expect(await djangoDatabases({ ...whereIs(project), timeoutMs: 10_000 })).toHaveLength(1)
})

test('a project without a SQLite file says what it has', async () => {
  using project = djangoProject(
    `DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop'}, ${sqlite({ ram: `'file::memory:'` }).slice('DATABASES = {'.length)}`,
  )
  expect((await failure(djangoDatabases(whereIs(project)))).message).toBe(
    `the Django project in ${project.path} has no SQLite file ` +
      '(default is django.db.backends.postgresql shop, ram is django.db.backends.sqlite3 file::memory:)',
  )
})
