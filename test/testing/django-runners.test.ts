import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findDjangoPython } from '../support/django/python.ts'
import { hasModule } from './support/django/has-module.ts'
import { createTestedProject, countOf, type TestedProject } from './support/django/project.ts'

/** Debian's Django 3.2 hangs by itself where workers are not forked. */
const SPAWN = `import multiprocessing, sys
if __name__ == '__main__':
    multiprocessing.set_start_method('spawn')
    import os
    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_.settings')
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
`

const { version } = await findDjangoPython()
const canSpawn = !/^[23]\.|^4\.0/.test(version)
const hasPytest = (await hasModule('pytest_django')) && (await hasModule('xdist'))
const hasCoverage = await hasModule('coverage')

test('--parallel: the workers get what the first process has', async () => {
  await using project = await createTestedProject()
  const missed = await project.expectTest(['miss'], ...project.manage('--parallel', '2'))
  const hit = await project.expectTest(['hit'], ...project.manage('--parallel', '2'))
  expect(countOf(hit)).toBe(countOf(missed))
})

test.skipIf(!canSpawn)('--parallel, with workers that are spawned', async () => {
  await using project = await createTestedProject({ 'manage.py': SPAWN })
  await project.expectTest(['miss'], ...project.manage('--parallel', '2'))
  await project.expectTest(['hit'], ...project.manage('--parallel', '2'))
})

const PYTEST_INI = '[pytest]\nDJANGO_SETTINGS_MODULE = site_.settings\npython_files = tests.py\n'

/** Without a `manage.py`, and with the code in a folder of its own. */
async function createPytestProject(): Promise<TestedProject> {
  const project = await createTestedProject({
    'pyproject.toml': '',
    'pytest.ini': `${PYTEST_INI}pythonpath = lib\n`,
  })
  const { folder } = project
  mkdirSync(join(folder, 'lib'))
  for (const name of ['site_', 'notes']) renameSync(join(folder, name), join(folder, 'lib', name))
  renameSync(join(folder, 'manage.py'), join(project.cache, 'manage.py'))
  return project
}

test.skipIf(!hasPytest)('pytest-django, where only its configuration says that this is Django', async () => {
  await using project = await createPytestProject()
  expect((await project.expectTest(['miss'], ...project.pytest())).stdout).toContain('5 passed')
  expect((await project.expectTest(['hit'], ...project.pytest())).stdout).toContain('5 passed')
  project.edit('lib/notes/views.py', '', '# a view\n')
  project.edit('lib/notes/tests.py', `text='more'`, `text='other'`)
  await project.expectTest(['hit'], ...project.pytest())
  project.edit('lib/notes/words.py', `'first'`, `'' + 'first'`)
  const { databases } = await project.expectTest(['miss'], ...project.pytest())
  expect(databases[0]?.differs).toEqual(['changed lib/notes/words.py'])
})

test.skipIf(!hasPytest)('pytest-django with --ds, and --reuse-db', async () => {
  await using project = await createPytestProject()
  project.write('pytest.ini', '[pytest]\npython_files = tests.py\npythonpath = lib\n')
  await project.expectTest(['miss'], ...project.pytest('--ds=site_.settings', '--reuse-db'))
  await project.expectTest(['hit'], ...project.pytest('--ds', 'site_.settings', '--reuse-db'))
})

test.skipIf(!hasPytest)('workers of pytest-xdist: each has its own, from one template', async () => {
  await using project = await createTestedProject({ 'pytest.ini': PYTEST_INI })
  // Told once where workers agree; which of them is first is a race.
  const first = await project.test(...project.pytest('-n', '2'))
  expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('5 passed') })
  expect(first.databases.map(({ outcome }) => outcome)).toContain('miss')
  const second = await project.expectTest(['hit'], ...project.pytest('-n', '2'))
  expect(second.stdout).toContain('5 passed')
})

test.skipIf(!hasPytest)('pytest-django with --nomigrations: another template, of the models', async () => {
  await using project = await createTestedProject({
    'pytest.ini': PYTEST_INI,
    'notes/tests.py': `from django.test import TestCase
from .models import Note

class Plain(TestCase):
    def test_no_migration_ran(self):
        self.assertEqual(Note.objects.create(text='a', mark='b').pk, 1)
`,
  })
  await project.expectTest(['miss'], ...project.pytest('--nomigrations'))
  await project.expectTest(['hit'], ...project.pytest('--nomigrations'))
  project.edit('notes/models.py', 'max_length=8,', 'max_length=9,')
  await project.expectTest(['miss'], ...project.pytest('--nomigrations'))
})

test.skipIf(!hasCoverage)('coverage measures the project, and nothing of ours', async () => {
  await using project = await createTestedProject()
  const [python = '', ...args] = project.manage()
  const words = [python, '-m', 'coverage', 'run', ...args] as const
  /** Lines of the project's files by name, but for what is only run by migrations. */
  const measured = async (): Promise<string[]> => {
    const { status, stdout } = await project.command(python, '-m', 'coverage', 'report')
    expect(status, stdout).toBe(0)
    expect(stdout).not.toMatch(/devshm_|sitecustomize/)
    const lines = stdout.split('\n').filter((line) => /^(?:notes|site_|manage)/.test(line))
    return lines.map((line) => line.replaceAll(/ +/g, ' '))
  }
  await project.command(...words)
  const bare = await measured()
  expect(bare).toContain('notes/migrations/0002_first.py 7 0 100%')
  await project.expectTest(['miss'], ...words)
  expect(await measured()).toEqual(bare)
  await project.expectTest(['hit'], ...words)
  const isOfMigrations = (line: string): boolean => /migrations\/0|words/.test(line)
  expect(await measured()).toEqual(bare.filter((line) => !isOfMigrations(line)))
})
