import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cacheOf } from '../../src/template/cache.ts'
import { migration } from './support/django/files.ts'
import { countOf, createTestedProject } from './support/django/project.ts'

test('a test database from a template is what Django makes of migrations, and as many tests pass', async () => {
  await using project = await createTestedProject()
  const dump = (name: string): string => join(project.cache, name)
  const dumped = (name: string): string => readFileSync(dump(`${name}-default`), 'utf8')
  project.env['DUMP'] = dump('bare-')
  const [python, ...args] = project.manage()
  const bare = await project.command(python ?? '', ...args)
  expect(bare).toMatchObject({ status: 0 })
  for (const outcome of ['miss', 'hit']) {
    project.env['DUMP'] = dump(`${outcome}-`)
    const told = await project.expectTest([outcome], ...project.manage())
    expect(countOf(told)).toBe(countOf(bare))
    expect(dumped(outcome)).toBe(dumped('bare'))
  }
  expect(dumped('hit')).toContain('auth_permission')
  expect(project.inRam()).toEqual([])
})

test('what decides nothing hits: a view, a test, a random secret', async () => {
  await using project = await createTestedProject()
  await project.expectTest(['miss'], ...project.manage())
  project.write('notes/views.py', 'from django.shortcuts import render\n')
  project.edit('notes/tests.py', `text='more'`, `text='other'`)
  project.write('notes/templates/notes/note.html', 'changed')
  await project.expectTest(['hit'], ...project.manage())
})

test('what decides misses, and is named', async () => {
  await using project = await createTestedProject()
  await project.expectTest(['miss'], ...project.manage())
  const differs = async (...more: string[]): Promise<readonly string[]> =>
    (await project.expectTest(['miss'], ...project.manage(...more))).databases[0]?.differs ?? []

  project.edit('notes/migrations/0003_mark.py', 'max_length=8', 'max_length= 8')
  expect(await differs()).toEqual(['changed notes/migrations/0003_mark.py'])
  project.edit('notes/words.py', `'first'`, `'' + 'first'`)
  expect(await differs()).toEqual(['changed notes/words.py'])
  project.edit('notes/models.py', 'max_length=8,', 'max_length= 8,')
  expect(await differs()).toEqual(['changed notes/models.py'])
  project.write(
    'notes/migrations/0004_again.py',
    migration(['0003_mark'], `migrations.RunSQL("update notes_note set mark = ''")`),
  )
  expect(await differs()).toEqual(['added notes/migrations/0004_again.py'])
  project.write('site_/other.py', `from .settings import *\nTIME_ZONE = 'Europe/Berlin'\n`)
  expect(await differs('--settings=site_.other')).toEqual(['added site_/other.py', 'setting TIME_ZONE', 'settings'])
})

test('templates of test databases are listed and pruned like others', async () => {
  await using project = await createTestedProject()
  await project.expectTest(['miss'], ...project.manage())
  const { tests: cached } = cacheOf(project.env)
  const [key = ''] = readdirSync(cached)
  const { stdout } = await project.devshm('template', 'list', '--json')
  expect(JSON.parse(stdout)).toMatchObject({ layers: [], tests: [{ key, alias: 'default', root: project.folder }] })
  expect((await project.devshm('template', 'list')).stdout).toContain(`Django's test database 'default'`)
  expect((await project.devshm('template', 'prune')).stdout).toMatch(/^removed 0 templates/)
  expect((await project.devshm('template', 'prune', '--all')).stdout).toMatch(/^removed 1 templates/)
  expect(readdirSync(cached)).toEqual([])
})

test('DEVSHM_EXPLAIN says what became of each database, and nothing is said without', async () => {
  await using project = await createTestedProject()
  const run = async (): Promise<string> => {
    const { status, stderr } = await project.devshm('test', '--', ...project.manage())
    expect(status).toBe(0)
    return stderr
  }
  expect(await run()).toContain(`devshm: test database 'default': miss, it is kept as a template; none was made before`)
  expect(await run()).toMatch(/devshm: test database 'default': hit, filled from its template in \d+ ms/)
  project.edit('notes/words.py', `'first'`, `'' + 'first'`)
  project.env['DEVSHM_EXPLAIN'] = ''
  expect(await run()).not.toContain('devshm')
  project.edit('notes/words.py', `'' + 'first'`, `'fir' + 'st'`)
  project.env['DEVSHM_EXPLAIN'] = '1'
  expect(await run()).toMatch(
    /miss, it is kept as a template; since that of \d\d:\d\d:\d\d:\n {2}changed notes\/words.py\n/,
  )
})
