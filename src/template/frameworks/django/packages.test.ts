import { chmodSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createExampleProject, MANAGE, type ExampleProject, type FindOptions } from './find-django.fixture.ts'

const FILES = {
  'manage.py': MANAGE,
  'site_/settings.py': `DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n`,
}
const SITE = '.venv/lib/python3.11/site-packages'

/** A virtual environment as far as it is read. */
function projectWithEnvironment(files: Record<string, string>, more = ''): ExampleProject {
  const project = createExampleProject({
    ...FILES,
    ...files,
    '.venv/pyvenv.cfg': `home = /usr/bin\nversion = 3.11.2\n${more}`,
  })
  mkdirSync(join(project.root, SITE), { recursive: true })
  mkdirSync(join(project.root, '.venv/bin'))
  symlinkSync('/usr/bin/python3', join(project.root, '.venv/bin/python'))
  return project
}

async function packagesOf(project: ExampleProject, options?: FindOptions): Promise<readonly string[]> {
  return (await project.find(options))?.packages ?? []
}

test('a virtual environment is read without starting anything', async () => {
  using project = projectWithEnvironment({
    [`${SITE}/Django-3.2.19.dist-info/METADATA`]: '',
    [`${SITE}/django_environ-0.11.2.dist-info/METADATA`]: '',
    [`${SITE}/zope.interface-6.0-py3.11.egg-info`]: '',
    [`${SITE}/legacy.egg-info/PKG-INFO`]: 'Name: legacy\nVersion: 1.5\n',
    [`${SITE}/not_a_package/__init__.py`]: '',
  })
  expect(await packagesOf(project)).toEqual([
    'django 3.2.19',
    'django-environ 0.11.2',
    'legacy 1.5',
    'python 3.11.2',
    'zope-interface 6.0',
  ])
})

test('another version of a package, and another package, make another key', async () => {
  using project = projectWithEnvironment({ [`${SITE}/Django-3.2.19.dist-info/METADATA`]: '' })
  const before = await project.key()
  renameSync(join(project.root, SITE, 'Django-3.2.19.dist-info'), join(project.root, SITE, 'Django-3.2.20.dist-info'))
  const after = await project.key()
  expect(after).not.toBe(before)
  project.write(`${SITE}/new-1.0.dist-info/METADATA`, '')
  expect(await project.key()).not.toBe(after)
})

test('what is installed where it is developed counts by its place and version', async () => {
  using project = projectWithEnvironment({
    [`${SITE}/easy-install.pth`]: '# a comment\n../../../../lib-a\n/elsewhere/lib-b\n',
    [`${SITE}/__editable__.lib_c-2.0.pth`]: 'import __editable___lib_c_finder; __editable___lib_c_finder.install()',
    [`${SITE}/lib_c-2.0.dist-info/METADATA`]: '',
    'lib-a/lib_a.egg-info/PKG-INFO': 'Version: 0.1\n',
    'lib-a/lib_a/__init__.py': '',
    'app/migrations/0001_initial.py': 'import lib_a',
  })
  expect(await packagesOf(project)).toEqual([
    './lib-a on the path',
    '/elsewhere/lib-b on the path',
    expect.stringMatching(/^__editable__\.lib_c-2\.0\.pth \w+$/),
    'lib-a 0.1',
    'lib-c 2.0',
    'python 3.11.2',
  ])
  // What of it lies in the project is a part of the project.
  expect(await project.roles()).toMatchObject({ 'lib-a/lib_a/__init__.py': 'fixed' })
})

test('packages of the system count where the environment includes them', async () => {
  using project = projectWithEnvironment({}, 'include-system-site-packages = true\n')
  const before = await packagesOf(project)
  using without = projectWithEnvironment({})
  expect(await packagesOf(without)).toEqual(['python 3.11.2'])
  expect(before.length).toBeGreaterThan(1)
})

test('another interpreter is asked once, and again when its file changes', async () => {
  using project = createExampleProject(FILES)
  const log = join(project.root, 'asked')
  const ask = (text: string): string => `#!/bin/sh\necho asked >> '${log}'\n${text}\n`
  project.write(
    'bin/python3',
    ask(`echo 'noise'; echo '{"version": "3.9.1", "path": ["${project.root}/site"], "executable": "/bin/sh"}'`),
  )
  project.write('site/One-1.0.dist-info/METADATA', '')
  chmodSync(join(project.root, 'bin/python3'), 0o755)
  const options = { env: { PATH: `${project.root}/bin:/usr/bin:/bin` } }
  const asked = (): number => readFileSync(log, 'utf8').length / 'asked\n'.length
  expect(await packagesOf(project, options)).toEqual(['one 1.0', 'python 3.9.1'])
  project.write('site/two-2.0.dist-info/METADATA', '')
  expect(await packagesOf(project, options)).toEqual(['one 1.0', 'python 3.9.1', 'two 2.0'])
  expect(asked()).toBe(1)
  project.write('bin/python3', ask('exit 1'))
  expect(await packagesOf(project, options)).toEqual(['python unknown'])
  expect(asked()).toBe(2)
})

test('a script that chooses is asked again when it would choose by something else', async () => {
  using project = createExampleProject(FILES)
  project.write(
    'bin/python3',
    `#!/bin/sh\necho "{\\"version\\": \\"$(cat .python-version)\\", \\"path\\": [], \\"executable\\": \\"/bin/sh\\"}"\n`,
  )
  project.write('.python-version', '3.8')
  chmodSync(join(project.root, 'bin/python3'), 0o755)
  const options = { env: { PATH: `${project.root}/bin:/usr/bin:/bin` } }
  expect(await packagesOf(project, options)).toEqual(['python 3.8'])
  project.write('.python-version', '3.13')
  expect(await packagesOf(project, options)).toEqual(['python 3.13'])
})

test('without a Python that is what is known', async () => {
  using project = createExampleProject(FILES)
  expect(await packagesOf(project, { env: { PATH: project.root } })).toEqual(['python unknown'])
})
