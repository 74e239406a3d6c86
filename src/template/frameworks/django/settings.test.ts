import { expect, test } from 'vitest'
import { createExampleProject, MANAGE, type ExampleProject } from './find-django.fixture.ts'

const SQLITE = `DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}\n`

function projectWith(settings: string, files: Record<string, string> = {}): ExampleProject {
  return createExampleProject({ 'manage.py': MANAGE, 'site_/settings.py': `${settings}\n${SQLITE}`, ...files })
}

test('the settings and what they import are fixed, with other settings that a step may name', async () => {
  using project = projectWith('from .base import *\nfrom site_ import paths', {
    'site_/__init__.py': '',
    'site_/base.py': 'from tools.names import NAME',
    'site_/paths.py': '',
    'site_/urls.py': '',
    'tools/names.py': '',
    'site_/settings_ci.py': 'from .ci import *',
    'site_/ci.py': '',
    'deploy/settings/production.py': '',
    'tools/other.py': '',
  })
  expect(Object.keys(await project.roles())).toEqual([
    'deploy/settings/production.py',
    'site_/__init__.py',
    'site_/base.py',
    'site_/ci.py',
    'site_/paths.py',
    'site_/settings.py',
    'site_/settings_ci.py',
    'tools/names.py',
  ])
})

test('what they name by a dotted string counts, but for pages', async () => {
  using project = projectWith(
    `DATABASE_ROUTERS = ['tools.routers.Logs']\nROOT_URLCONF = 'site_.urls'\nMIDDLEWARE = [\n  'tools.middleware.M',\n]`,
    { 'tools/routers.py': 'import tools.used', 'tools/used.py': '', 'tools/middleware.py': '', 'site_/urls.py': '' },
  )
  expect(Object.keys(await project.roles())).toEqual(['site_/settings.py', 'tools/routers.py', 'tools/used.py'])
})

test('settings that are included by the names of files are all in their folder', async () => {
  using project = projectWith(`from split_settings.tools import include\ninclude('parts/*.py')`, {
    'site_/parts/a.py': '',
  })
  expect(await project.roles()).toMatchObject({ 'site_/parts/a.py': 'fixed' })
})

test('.env files count once the settings read some, also one that is new', async () => {
  const files = { '.env': 'A=1', 'site_/.env.local': '', 'frontend/.env': '' }
  using plain = projectWith('', files)
  expect(Object.keys(await plain.roles())).toEqual(['site_/settings.py'])
  using project = projectWith(`import environ\nenviron.Env.read_env(BASE_DIR / '.env')`, files)
  expect(Object.keys(await project.roles())).toEqual(['.env', 'site_/.env.local', 'site_/settings.py'])
  project.write('.env.development', '')
  expect(await project.roles()).toMatchObject({ '.env.development': 'fixed' })
})

test('so do files that they open by name', async () => {
  using project = projectWith(`with open(BASE_DIR / 'config.yaml') as file: C = yaml.safe_load(file)`, {
    'config.yaml': '',
    'site_/config.yaml': '',
    'other.yaml': '',
  })
  expect(Object.keys(await project.roles())).toEqual(['config.yaml', 'site_/config.yaml', 'site_/settings.py'])
})

test('environment variables are found by the many ways to read them', async () => {
  using project = projectWith(`
A = os.environ['A_1']
B = os.environ.get("B_1", 'b')
C = os.getenv('C_1')
D = env('D_1')
E = env.bool('E_1', default=False)
F = config('F_1', cast=int)
G = get_env_variable(name='G_1')
H = 'H_1' in os.environ
DB = env.db()
I = getattr(x, 'NOT_1')
`)
  expect((await project.find())?.variables).toEqual([
    'A_1',
    'B_1',
    'C_1',
    'DATABASE_URL',
    'DJANGO_CONFIGURATION',
    'DJANGO_SETTINGS_MODULE',
    'D_1',
    'E_1',
    'F_1',
    'G_1',
    'H_1',
    'PYTHONPATH',
  ])
})

test('the settings module is that of the environment first', async () => {
  using project = projectWith('', { 'conf/mine.py': '' })
  const framework = await project.find({ env: { DJANGO_SETTINGS_MODULE: 'conf.mine' } })
  expect(framework?.inputs.map(({ path }) => path)).toContain('conf/mine.py')
})
