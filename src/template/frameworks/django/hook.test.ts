import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHookedProject } from './hook.fixture.ts'
import { djangoHookVariables } from './hook.ts'

const SOURCE = join(import.meta.dirname, 'hook')

test('migrate, loaddata, shell and flush get the private database, and the user keeps theirs', async () => {
  using project = await createHookedProject({ shop: true })
  const { origin, to } = project
  expect(await project.python(['manage.py', 'migrate', '--noinput'])).toMatchObject({ status: 0, stderr: '' })
  expect(project.tablesOf(to)).toEqual(expect.arrayContaining(['catalog_product', 'django_migrations']))
  expect((await project.python(['manage.py', 'loaddata', 'demo'])).stdout).toContain('Installed')
  const count = 'from catalog.models import Product; print(Product.objects.count())'
  expect(Number((await project.python(['manage.py', 'shell', '-c', count])).stdout)).toBeGreaterThan(40)
  expect((await project.python(['manage.py', 'flush', '--noinput'])).status).toBe(0)
  expect((await project.python(['manage.py', 'shell', '-c', count])).stdout.trim()).toBe('0')
  expect(project.tablesOf(origin)).toEqual(['precious'])
  expect(existsSync(join(SOURCE, '__pycache__'))).toBe(false)
})

/** Each name as a connection of Django's gets it, and the file that is then open. */
const OPEN_EACH = `
import json, os, pathlib, sys
import django.conf
django.conf.settings.configure()
from django.db.utils import ConnectionHandler
for name in eval(sys.argv[1]):
    database = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': name, 'TEST': {'NAME': 'db.sqlite3'}}
    connection = ConnectionHandler({'default': database})['default']
    connection.cursor().execute('create table if not exists created(a)')
    file = connection.cursor().execute('pragma database_list').fetchone()[2]
    print(json.dumps([file, connection.settings_dict['NAME'].__class__.__name__, connection.settings_dict['TEST']['NAME'], str(connection.settings_dict['NAME'])]))
`

test('a name leads to the private database however it is spelled, and keeps its form', async () => {
  using project = await createHookedProject()
  symlinkSync(project.folder, join(project.folder, 'by-folder'))
  symlinkSync(project.origin, join(project.folder, 'by-file'))
  const names = `[
    'db.sqlite3', './x/../db.sqlite3', os.getcwd() + '/db.sqlite3', pathlib.Path('db.sqlite3').resolve(),
    'file:db.sqlite3', 'file:db.sqlite3?mode=rwc&cache=private', 'file:' + os.getcwd() + '/db.sqlite3#top',
    'file://' + os.getcwd().replace(' ', '%20') + '/db.sqlite3', 'file://localhost' + os.getcwd() + '/db%2esqlite3',
    'by-folder/db.sqlite3', 'by-file',
  ]`
  const { stdout, stderr } = await project.python(['-c', OPEN_EACH, names])
  expect(stderr).toBe('')
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[])
  expect(lines.map(([file]) => file)).toEqual(Array(11).fill(project.to))
  expect(lines.map(([, form]) => form)).toEqual([
    ...Array<string>(3).fill('str'),
    'PosixPath',
    ...Array<string>(7).fill('str'),
  ])
  expect(new Set(lines.map(([, , ofTests]) => ofTests))).toEqual(new Set(['db.sqlite3']))
  expect(lines[5]?.[3]).toMatch(/^file:\/.*private\.sqlite3\?mode=rwc&cache=private$/)
  expect(project.tablesOf(project.origin)).toEqual(['precious'])
})

test('a database that is not there yet is led away by all its names, and one that leads to the private one is not', async () => {
  using project = await createHookedProject()
  rmSync(project.origin)
  symlinkSync(project.folder, join(project.folder, 'by-folder'))
  symlinkSync(project.to, join(project.folder, 'lent'))
  const leads = [{ from: [project.origin, join(project.folder, 'lent')], to: project.to }]
  const variables = await djangoHookVariables(process.env, leads, join(project.folder, 'more'))
  const names = `['by-folder/db.sqlite3', 'db.sqlite3', 'lent']`
  const { stdout, stderr } = await project.python(['-c', OPEN_EACH, names], variables)
  expect(stderr).toBe('')
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[])
  expect(lines.map(([file]) => file)).toEqual([project.to, project.to, project.to])
  expect(lines.map(([, , , name]) => name)).toEqual([project.to, project.to, 'lent'])
  expect(existsSync(project.origin)).toBe(false)
})

test('other databases, and those in memory, stay what they are', async () => {
  using project = await createHookedProject()
  const names = `['other.sqlite3', ':memory:', 'file::memory:', 'file:db.sqlite3?mode=memory&cache=shared', 'x/../b.db']`
  project.write('x/file', '')
  const { stdout } = await project.python(['-c', OPEN_EACH, names])
  const files = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as string[])[0])
  expect(files).toEqual([join(project.folder, 'other.sqlite3'), '', '', '', join(project.folder, 'b.db')])
  expect(project.tablesOf(project.to)).toEqual([])
})

test('an attached database, which is a link, and its live copy both lead to the private one', async () => {
  using project = await createHookedProject()
  const live = project.write('live/live.sqlite3', '')
  symlinkSync(live, join(project.folder, 'attached'))
  const leads = [{ from: [join(project.folder, 'attached'), live], to: project.to }]
  const variables = await djangoHookVariables(process.env, leads, join(project.folder, 'more'))
  const { stdout } = await project.python(['-c', OPEN_EACH, `['attached', 'live/live.sqlite3']`], variables)
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as string[])[0]),
  ).toEqual([project.to, project.to])
})

test('each of several databases has its own', async () => {
  using project = await createHookedProject()
  const logs = join(project.folder, 'logs.db')
  const leads = [
    { from: [project.origin], to: project.to },
    { from: [logs], to: `${project.to}-2` },
  ]
  const variables = await djangoHookVariables(process.env, leads, join(project.folder, 'more'))
  const { stdout } = await project.python(['-c', OPEN_EACH, `['logs.db', 'db.sqlite3']`], variables)
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as string[])[0]),
  ).toEqual([`${project.to}-2`, project.to])
})

test('--settings, and settings that choose by DJANGO_SETTINGS_MODULE, are led away as well', async () => {
  using project = await createHookedProject({ shop: true })
  project.write(
    'shop/other.py',
    `import os\nfrom .settings import *\nassert os.environ['DJANGO_SETTINGS_MODULE'] == 'shop.other'\nDATABASES['default']['NAME'] = 'db.sqlite3'\n`,
  )
  const show = ['shell', '-c', `from django.db import connection; print(connection.settings_dict['NAME'])`]
  expect((await project.python(['manage.py', ...show, '--settings=shop.other'])).stdout.trim()).toBe(project.to)
  const environment = { DJANGO_SETTINGS_MODULE: 'shop.other' }
  expect((await project.python(['manage.py', ...show], environment)).stdout.trim()).toBe(project.to)
})

test('the hook is put into the folder that is given, and into no other', async () => {
  using project = await createHookedProject()
  await project.python(['-c', ''])
  const own = join(project.folder, '../private')
  expect(readdirSync(own)).toEqual(['python'])
  expect(readdirSync(join(own, 'python'))).toContain('sitecustomize.py')
  await expect(djangoHookVariables({}, [], '/a:b')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
})
