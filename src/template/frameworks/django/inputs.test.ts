import { expect, test } from 'vitest'
import type { InputRole } from '../../framework.ts'
import { createExampleProject, MANAGE } from './find-django.fixture.ts'

const MIGRATION = 'from django.db import migrations\nclass Migration(migrations.Migration):\n    operations = []\n'

/** The inputs of a project with one app, `app`, and these files. */
async function inputsOf(files: Record<string, string>): Promise<Record<string, InputRole>> {
  using project = createExampleProject({
    'manage.py': MANAGE,
    'site_/settings.py': `INSTALLED_APPS = ['app']\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}`,
    'app/models.py': '',
    'app/views.py': '',
    'app/urls.py': 'from . import views',
    'app/migrations/__init__.py': '',
    'app/migrations/0001_initial.py': MIGRATION,
    ...files,
  })
  return await project.roles()
}

function withMigration(text: string, files: Record<string, string> = {}): Promise<Record<string, InputRole>> {
  return inputsOf({ 'app/migrations/0002_data.py': `${MIGRATION}${text}\n`, ...files })
}

test('what a migration imports counts, at once or later, and what that imports', async () => {
  const roles = await withMigration('def forwards(apps, schema_editor):\n    from tools.fill import fill\n    fill()', {
    'tools/__init__.py': '',
    'tools/fill.py': 'def fill():\n    from .deep import data\n    import app.choices',
    'tools/deep/data.py': '',
    'tools/other.py': '',
    'app/choices.py': '',
  })
  expect(roles).toMatchObject({
    'tools/__init__.py': 'fixed',
    'tools/fill.py': 'fixed',
    'tools/deep/data.py': 'fixed',
    'app/choices.py': 'fixed',
  })
  expect(Object.keys(roles)).not.toContain('tools/other.py')
  expect(Object.keys(roles)).not.toContain('app/views.py')
})

test('models that a migration imports are fixed, and so is all that they lead to', async () => {
  const models = 'def number():\n    from .numbers import next_number\n    return next_number()'
  const roles = await withMigration('import app.models', { 'app/models.py': models, 'app/numbers.py': '' })
  expect(roles).toMatchObject({ 'app/models.py': 'fixed', 'app/numbers.py': 'fixed' })
})

test('models that no migration imports are free, with what they import at once, but for pages and tests', async () => {
  const models = `from .fields import Money\nfrom . import views\nfrom .tests.factories import x\ndef save(self):\n    from .tasks import notify`
  const files = { 'app/fields.py': '', 'app/tasks.py': '', 'app/tests/factories.py': '', 'app/models.py': models }
  const roles = await inputsOf(files)
  expect(roles).toMatchObject({ 'app/models.py': 'free', 'app/fields.py': 'free' })
  expect(Object.keys(roles).filter((path) => /tasks|views|factories/.test(path))).toEqual([])
})

test('an app may lie in a folder that is called as tests are', async () => {
  const roles = await inputsOf({
    'tests/site/app2/migrations/__init__.py': '',
    'tests/site/app2/models.py': 'from .fields import Money\nfrom .tests import x',
    'tests/site/app2/fields.py': '',
    'tests/site/app2/tests.py': '',
  })
  expect(roles).toMatchObject({ 'tests/site/app2/models.py': 'free', 'tests/site/app2/fields.py': 'free' })
  expect(Object.keys(roles)).not.toContain('tests/site/app2/tests.py')
})

test('a package of models counts whole, and models without migrations are fixed', async () => {
  const roles = await inputsOf({ 'app/models/__init__.py': '', 'app/models/order.py': '', 'plain/models.py': '' })
  expect(roles).toMatchObject({ 'app/models/order.py': 'free', 'plain/models.py': 'fixed' })
})

test('receivers of post_migrate are fixed with all that they import, other signals are free', async () => {
  const roles = await inputsOf({
    'app/apps.py': 'class C(AppConfig):\n    def ready(self):\n        from . import connect, hooks',
    'app/connect.py':
      'from django.db.models.signals import post_migrate\npost_migrate.connect(lambda **k: later())\ndef later():\n    from .roles import ROLES',
    'app/roles.py': '',
    'app/hooks.py': 'from django.db.models.signals import post_save',
    'app/signals.py': 'import app.found_by_name',
    'app/found_by_name.py': '',
  })
  expect(roles).toMatchObject({
    'app/apps.py': 'fixed',
    'app/connect.py': 'fixed',
    'app/roles.py': 'fixed',
    'app/hooks.py': 'free',
    'app/signals.py': 'free',
    'app/found_by_name.py': 'free',
  })
})

test('a migration that imports what cannot be told depends on all of its app', async () => {
  const roles = await withMigration('def f(apps, _):\n    importlib.import_module(NAME)', {
    'app/deep/x.py': '',
    'b/y.py': '',
  })
  expect(roles).toMatchObject({ 'app/views.py': 'fixed', 'app/deep/x.py': 'fixed' })
  expect(Object.keys(roles)).not.toContain('b/y.py')
})

test('files that a migration reads count: those it names, and the data of its app', async () => {
  const roles = await withMigration(`rows = open(os.path.join(settings.BASE_DIR, 'data', 'countries.csv'))`, {
    'data/countries.csv': '',
    'data/cities.csv': '',
    'app/seed/rows.json': '',
    'app/templates/app/page.html': '',
  })
  expect(roles).toMatchObject({ 'data/countries.csv': 'fixed', 'app/seed/rows.json': 'fixed' })
  expect(Object.keys(roles).filter((path) => /cities|page/.test(path))).toEqual([])
})

test('so do the fixtures that it loads, and the commands that it calls', async () => {
  const roles = await withMigration(`call_command('loaddata', 'first')\ncall_command("fill_in", 1)`, {
    'fixtures/first.json': '',
    'fixtures/second.json': '',
    'tools/management/commands/fill_in.py': 'import tools.words',
    'tools/words.py': '',
  })
  expect(roles).toMatchObject({
    'fixtures/first.json': 'fixed',
    'tools/management/commands/fill_in.py': 'fixed',
    'tools/words.py': 'fixed',
  })
  expect(Object.keys(roles)).not.toContain('fixtures/second.json')
})

test('what lies with migrations is fixed, and packages in any place are found', async () => {
  const roles = await inputsOf({
    'app/migrations/_tools.py': '',
    'app/migrations/sql/view.sql': '',
    'other/changes/0001_initial.py': MIGRATION,
    'far/__init__.py': '',
    'far/away/first.py': MIGRATION,
    'site_/settings.py': `MIGRATION_MODULES = {'app': 'other.changes', 'x': 'far.away'}`,
  })
  expect(roles).toMatchObject({
    'app/migrations/_tools.py': 'fixed',
    'app/migrations/sql/view.sql': 'fixed',
    'other/changes/0001_initial.py': 'ordered',
    'far/away/first.py': 'ordered',
  })
})

test.each(["{'app': None}", '{a: None for a in APPS}', 'NoMigrations()'])(
  'with MIGRATION_MODULES = %s all models are fixed',
  async (value) => {
    const roles = await inputsOf({ 'site_/settings.py': `MIGRATION_MODULES = ${value}` })
    expect(roles).toMatchObject({ 'app/models.py': 'fixed' })
  },
)
