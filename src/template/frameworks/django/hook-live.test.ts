import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { withoutDjangoHook } from '../../../project/django-hook.ts'
import { createHookedProject, type HookedProject } from './hook.fixture.ts'
import { djangoHookVariables } from './hook.ts'
import { leadDjangoToLive, type LedToLive } from './lead-to-live.ts'

interface Led {
  readonly live: string
  readonly led: LedToLive
}

/** What `devshm run --no-link` sets up, for the project's database: live has the table `in_ram`. */
async function leadToLive(project: HookedProject, env: NodeJS.ProcessEnv = {}): Promise<Led> {
  const live = join(mkdtempSync(join(project.folder, '../live-')), 'live.sqlite3')
  using database = new DatabaseSync(live)
  database.exec('create table in_ram (a)')
  return { live, led: await leadDjangoToLive(withoutOwn(project, env), [{ origin: project.origin, live }]) }
}

/** The fixture leads away as a build does, which is another thing. */
function withoutOwn({ variables }: HookedProject, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...withoutDjangoHook({ ...process.env, ...variables }), ...env }
}

const TABLES = `import sqlite3
def tables(*a, **k):
    print(*[row[0] for row in sqlite3.connect(*a, **k).execute('select name from sqlite_master')])
`

test('sqlite3.connect leads to live however the name is spelled, and everything else stays what it is', async () => {
  using project = await createHookedProject()
  symlinkSync(project.origin, join(project.folder, 'by-link'))
  const { live, led } = await leadToLive(project)
  const code = `${TABLES}
import os, pathlib, sqlite3.dbapi2
from sqlite3 import connect
tables('db.sqlite3'); tables(b'db.sqlite3'); tables(database=pathlib.Path('db.sqlite3')); tables('by-link')
tables('file:db.sqlite3?mode=ro', uri=True); tables('db.sqlite3', 5.0, 0, None, True, sqlite3.Connection, 128, False)
print(connect is sqlite3.connect is sqlite3.dbapi2.connect)
tables(':memory:'); tables('other.sqlite3'); tables('file:other.sqlite3')`
  const { stdout, stderr } = await project.python(['-c', code], led.variables)
  expect(stderr).toBe('')
  expect(stdout.split('\n')).toEqual([...Array<string>(6).fill('in_ram'), 'True', '', '', '', ''])
  expect(project.tablesOf(live)).toEqual(['in_ram'])
  expect(led.findNotUsed()).toEqual([])
})

test('what goes around it is refused, live and the file alike, and reading the file is not', async () => {
  using project = await createHookedProject()
  const { live, led } = await leadToLive(project)
  const code = `import os, shutil, sqlite3
for line in [
    "sqlite3.Connection('db.sqlite3')", "sqlite3.connect('file:db.sqlite3')", "open('db.sqlite3', 'r+b')", "os.remove('db.sqlite3')", "os.replace('x', 'db.sqlite3')",
    "os.remove(LIVE)", "open(LIVE, 'wb')", "os.rename(LIVE, 'x')", "os.remove(LIVE + '-journal')",
    "open('db.sqlite3', 'rb')", "sqlite3.connect(LIVE)", "shutil.copy('db.sqlite3', 'copy')",
]:
    try:
        eval(line, {**globals(), 'LIVE': ${JSON.stringify(live)}})
        print('done')
    except PermissionError as error:
        print('refused' if 'devshm run --no-link' in str(error) else error)`
  const { stdout } = await project.python(['-c', code], led.variables)
  expect(stdout.trim().split('\n')).toEqual([...Array<string>(9).fill('refused'), 'done', 'done', 'done'])
  expect(project.tablesOf(project.origin)).toEqual(['precious'])
})

test('a build inside goes its own way, the hook is there once, and a session inside adds to the one around it', async () => {
  using project = await createHookedProject()
  const outer = await leadToLive(project)
  const around = withoutOwn(project, outer.led.variables)
  const build = await djangoHookVariables(
    around,
    [{ from: [project.origin, outer.live], to: project.to }],
    join(project.folder, '../build'),
  )
  expect(build['PYTHONPATH']).toBe(join(project.folder, '../build/python'))
  const connect = `
import django.conf, sqlite3
django.conf.settings.configure(DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': NAME}})
from django.db import connection, utils
print(connection.settings_dict['NAME'], utils.ConnectionHandler.configure_settings.__closure__[0].cell_contents.__module__.split('.')[0])`
  for (const name of [project.origin, outer.live]) {
    const { stdout } = await project.python(['-c', connect.replace('NAME}', `${JSON.stringify(name)}}`)], build)
    expect(stdout.trim()).toBe(`${project.to} django`)
  }
  // Also where both folders are on the path.
  const both = { ...build, PYTHONPATH: `${build['PYTHONPATH']}:${outer.led.variables['PYTHONPATH']}` }
  const { stdout } = await project.python(['-c', connect.replace('NAME}', `'db.sqlite3'}`)], both)
  expect(stdout.trim()).toBe(`${project.to} django`)
  const count = `import sys; print(len(sys.modules['devshm_leads'].LEADS))`
  expect((await project.python(['-c', count], both)).stdout.trim()).toBe('2')

  const shared = await leadDjangoToLive(around, [{ origin: project.origin, live: outer.live }])
  await project.python(['-c', `${TABLES}tables('db.sqlite3')`], shared.variables)
  expect(shared.findNotUsed()).toEqual([])
  expect(outer.led.findNotUsed()).toEqual([])

  const other = join(project.folder, 'other.sqlite3')
  const inner = await leadDjangoToLive(around, [{ origin: other, live: join(outer.live, '../other-live.sqlite3') }])
  expect(inner.findNotUsed()).toMatchObject([{ origin: other }])
  await project.python(['-c', `${TABLES}tables('db.sqlite3'); tables('other.sqlite3')`], inner.variables)
  expect(inner.findNotUsed()).toEqual([])
  expect(outer.led.findNotUsed()).toEqual([])
})

test('an environment without the hook is what it was before', async () => {
  using project = await createHookedProject()
  const { led } = await leadToLive(project, { PYTHONPATH: '/some/where' })
  expect(led.variables['PYTHONPATH']).toMatch(/:\/some\/where$/)
  const env = { A: 'b', ...led.variables }
  expect(withoutDjangoHook(env)).toEqual({ A: 'b', PYTHONPATH: '/some/where' })
  expect(withoutDjangoHook({ A: 'b', ...(await leadToLive(project)).led.variables })).toEqual({ A: 'b' })
  const plain = { PYTHONPATH: '/x', DEVSHM_DJANGO: '{' }
  expect(withoutDjangoHook(plain)).toEqual({ PYTHONPATH: '/x' })
})

test('what no Django and no connection came to is told apart from what just needed none', async () => {
  using project = await createHookedProject()
  const nothing = await leadToLive(project)
  await project.python(['-c', 'print(1)'], nothing.led.variables)
  expect(nothing.led.findNotUsed()).toMatchObject([
    { origin: project.origin, reason: expect.stringContaining('no Django') as string },
  ])
  const loaded = await leadToLive(project)
  await project.python(['-c', 'import django.db.utils'], loaded.led.variables)
  expect(loaded.led.findNotUsed()).toEqual([])
  const others = await leadToLive(project)
  mkdirSync(join(project.folder, 'x'), { recursive: true })
  const configure = `import django.conf; django.conf.settings.configure(DATABASES={'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'x/y'}})
from django.db import connection; connection.cursor()`
  await project.python(['-c', configure], others.led.variables)
  expect(others.led.findNotUsed()).toMatchObject([
    { reason: expect.stringContaining('none of the connections') as string },
  ])
})
