import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { cacheOf } from '../../src/template/cache.ts'
import { djangoHookVariables } from '../../src/template/frameworks/django/hook.ts'
import { announceBase, writeBase } from '../../src/template/frameworks/django/tests/base.ts'
import { testDatabaseEvents } from '../../src/template/frameworks/django/tests/reports.ts'
import { runSql } from '../support/playground.ts'
import { hasModule } from './support/django/has-module.ts'
import { createTestedProject, type TestedProject } from './support/django/project.ts'

const hasPytest = await hasModule('pytest_django')

function templateOf({ env }: TestedProject): string {
  const { tests } = cacheOf(env)
  const [key = ''] = readdirSync(tests)
  return join(tests, key)
}

test.for<[string, (database: string) => void]>([
  ['that is no database', (path) => writeFileSync(path, Buffer.alloc(statSync(path).size, 7))],
  [
    'of which the pages are damaged',
    (path) => {
      const content = readFileSync(path)
      writeFileSync(path, content.fill(0xff, 100, 4096))
    },
  ],
])('a template %s: the tests run as without, one warning, and it is made anew', async ([, damage]) => {
  await using project = await createTestedProject()
  await project.expectTest(['miss'], ...project.manage())
  const path = join(templateOf(project), 'database.sqlite3')
  chmodSync(path, 0o600)
  damage(path)
  // As if it had been made like that: else it would be seen before anything is filled.
  const description = join(templateOf(project), 'template.json')
  const described = JSON.parse(readFileSync(description, 'utf8')) as object
  writeFileSync(description, JSON.stringify({ ...described, checksum: crc32(readFileSync(path)) }))
  project.env['DEVSHM_EXPLAIN'] = ''
  const { databases, stderr } = await project.expectTest(['failed'], ...project.manage())
  expect(stderr).toMatch(/Ran 5 tests/)
  expect(databases).toHaveLength(1)
  await project.expectTest([], ...project.manage())
  project.env['DEVSHM_EXPLAIN'] = '1'
  await project.expectTest(['hit'], ...project.manage())
})

test.for<[string, (path: string) => void]>([
  ['that was written to', (path) => runSql(join(path, 'database.sqlite3'), `update notes_note set text = 'other'`)],
  ['without its description', (path) => writeFileSync(join(path, 'template.json'), '{"bytes": 1')],
  ['that was cut off', (path) => writeFileSync(join(path, 'database.sqlite3'), '')],
])('a template %s is none', async ([, damage]) => {
  await using project = await createTestedProject()
  await project.expectTest(['miss'], ...project.manage())
  damage(templateOf(project))
  await project.expectTest(['miss'], ...project.manage())
  await project.expectTest(['hit'], ...project.manage())
})

test.skipIf(!hasPytest)('a cache that takes no template: the tests run as without, and say so once', async () => {
  const pytest = '[pytest]\nDJANGO_SETTINGS_MODULE = site_.settings\npython_files = tests.py\n'
  await using project = await createTestedProject({ 'pytest.ini': pytest })
  // Not for want of permission: root has all of them. And devshm makes it anew when it starts.
  project.write(
    'conftest.py',
    `import json, os, pathlib, shutil
cache = pathlib.Path(json.loads(os.environ['DEVSHM_DJANGO'])['tests']['cache'])
shutil.rmtree(cache / 'tests', ignore_errors=True)
(cache / 'tests').write_text('in the way')
`,
  )
  project.env['DEVSHM_EXPLAIN'] = ''
  const { stdout, databases } = await project.expectTest(['failed'], ...project.pytest('-n', '2'))
  expect(stdout).toContain('5 passed')
  expect(databases[0]?.reason).toContain('File exists')
})

test('a failing migration fails as without devshm, and leaves no template', async () => {
  await using project = await createTestedProject()
  project.edit('notes/words.py', `FIRST = 'first'`, 'FIRST = None')
  const { status, stderr, databases } = await project.test(...project.manage())
  expect(status).toBe(1)
  expect(stderr).toContain('IntegrityError: NOT NULL constraint failed: notes_note.text')
  expect(databases).toEqual([])
  expect(readdirSync(cacheOf(project.env).tests)).toEqual([])
  expect(readdirSync(cacheOf(project.env).unfinished)).toEqual([])
})

test('an engine that makes its tables by itself is left to it', async () => {
  await using project = await createTestedProject()
  project.write('notes/engine/__init__.py', '')
  project.write(
    'notes/engine/base.py',
    `from django.db.backends.sqlite3 import base

class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self):
        super().init_connection_state()
        self.connection.execute('create table if not exists own (x)')
`,
  )
  project.edit('site_/settings.py', 'django.db.backends.sqlite3', 'notes.engine')
  await project.expectTest(['left alone'], ...project.manage())
  await project.expectTest(['left alone'], ...project.manage())
})

test('where devshm cannot look at the files, or has ended before it did, the tests run as without', async () => {
  await using project = await createTestedProject()
  const folder = join(project.cache, 'run')
  mkdirSync(folder)
  const pid = await goneProcess()
  const variables = await djangoHookVariables(project.env, [], folder, { tests: { folder, cache: project.cache, pid } })
  Object.assign(project.env, variables)
  const [python = '', ...args] = project.manage()
  const reasonOfRun = async (): Promise<string | undefined> => {
    expect((await project.command(python, ...args)).stderr).toMatch(/Ran 5 tests[^]*OK/)
    return testDatabaseEvents(cacheOf(project.env), folder).at(-1)?.reason
  }
  announceBase(folder)
  expect(await reasonOfRun()).toContain('No such process')
  await writeBase(folder, () => Promise.reject(new Error('no')))
  expect(await reasonOfRun()).toContain('devshm could not look at the files')
})

async function goneProcess(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid ?? 0
}
