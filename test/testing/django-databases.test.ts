import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FILES, migration } from './support/django/files.ts'
import { createTestedProject, type TestedProject } from './support/django/project.ts'

const settings = (databases: string, more = ''): string =>
  `${FILES['site_/settings.py']}
DATABASES = {${databases}}
${more}`

const sqlite = (alias: string, test = ''): string =>
  `'${alias}': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / '${alias}.sqlite3', 'TEST': {${test}}},`

/** What every test database holds in the end, by alias. */
async function dumps(project: TestedProject, outcomes: readonly string[]): Promise<string[]> {
  project.env['DUMP'] = join(project.cache, 'dump-')
  const { databases } = await project.expectTest(outcomes, ...project.manage('notes.tests.Dump'))
  return databases.map(({ alias }) => readFileSync(join(project.cache, `dump-${alias}`), 'utf8'))
}

test('several databases: each has a template, in the order of DEPENDENCIES, and a mirror has none', async () => {
  await using project = await createTestedProject()
  const three =
    sqlite('default', `'DEPENDENCIES': ['logs']`) +
    sqlite('logs', `'DEPENDENCIES': []`) +
    sqlite('copy', `'MIRROR': 'default'`)
  const router = `DATABASE_ROUTERS = ['site_.routers.Logs']`
  project.write('site_/settings.py', settings(three, router))
  project.write(
    'site_/routers.py',
    `class Logs:
    def allow_migrate(self, db, app_label, **hints):
        return app_label != 'notes' if db == 'logs' else None
`,
  )
  const missed = await dumps(project, ['miss', 'miss'])
  const hit = await dumps(project, ['hit', 'hit'])
  expect(hit).toEqual(missed)
  expect(hit.map((dump) => dump.includes('INTO "notes_note"'))).toEqual([false, true])
  project.edit('site_/routers.py', `!= 'notes'`, `not in ['notes', 'auth']`)
  await project.expectTest(['miss', 'miss'], ...project.manage())
})

test('migrations that use another database always run, and what they do there is there', async () => {
  await using project = await createTestedProject()
  project.edit('notes/migrations/0002_first.py', 'dependencies = [', `dependencies = [('auth', '0001_initial'), `)
  // Always to the default database, whichever is being made.
  project.edit(
    'notes/migrations/0002_first.py',
    'def make(apps, schema_editor):\n',
    `def make(apps, schema_editor):\n    apps.get_model('auth', 'Group').objects.create(name=schema_editor.connection.alias)\n`,
  )
  project.write('site_/settings.py', settings(sqlite('default') + sqlite('logs')))
  const missed = await dumps(project, ['miss', 'miss'])
  expect(missed.map((dump) => dump.split('INTO "auth_group"').length - 1)).toEqual([2, 0])
  const again = await dumps(project, ['hit', 'miss'])
  expect(again).toEqual(missed)
  const { databases } = await project.test(...project.manage('notes.tests.Dump'))
  expect(databases[1]).toMatchObject({ kept: false, reason: 'its migrations use other databases: default' })
})

test('a file as test database, and --keepdb: what is in it is left alone', async () => {
  await using project = await createTestedProject()
  project.write('site_/settings.py', settings(sqlite('default', `'NAME': BASE_DIR / 'test.sqlite3'`)))
  const file = join(project.folder, 'test.sqlite3')
  await project.expectTest(['miss'], ...project.manage())
  expect(existsSync(file)).toBe(false)
  await project.expectTest(['hit'], ...project.manage('--keepdb', 'notes.tests.Writing'))
  expect(statSync(file).size).toBeGreaterThan(50_000)
  const kept = await project.expectTest(['left alone'], ...project.manage('--keepdb', 'notes.tests.Writing'))
  expect(kept.databases[0]?.reason).toBe('it is not empty')
  await project.expectTest(['hit'], ...project.manage('--parallel', '2'))
})

test('--keepdb in memory', async () => {
  await using project = await createTestedProject()
  await project.expectTest(['miss'], ...project.manage('--keepdb'))
  await project.expectTest(['hit'], ...project.manage('--keepdb'))
})

test('MIGRATION_MODULES: elsewhere, and nowhere', async () => {
  await using project = await createTestedProject()
  const pk = `('id', models.BigAutoField(primary_key=True))`
  project.write('elsewhere/__init__.py', '')
  project.write(
    'elsewhere/0001_all.py',
    migration(
      [],
      `migrations.CreateModel('Note', [${pk}, ('text', models.CharField(max_length=80)), ('mark', models.CharField(max_length=8, default=''))])`,
    ),
  )
  const select = (modules: string): void =>
    project.write('site_/settings.py', settings(sqlite('default'), `MIGRATION_MODULES = {'notes': ${modules}}`))
  select(`'elsewhere'`)
  const [one] = await dumps(project, ['miss'])
  expect(await dumps(project, ['hit'])).toEqual([one])
  expect(one).not.toContain('INTO "notes_note"')
  project.edit('elsewhere/0001_all.py', 'max_length=8', 'max_length=7')
  await project.expectTest(['miss'], ...project.manage('notes.tests.Dump'))
  select('None')
  await dumps(project, ['miss'])
  await dumps(project, ['hit'])
  // Without migrations the models make the tables.
  project.edit('notes/models.py', 'max_length=8,', 'max_length=9,')
  expect(await dumps(project, ['miss'])).toEqual([expect.stringContaining('varchar(9)')])
})

test('receivers that are not of Django run on a hit as well, and see a database that is complete', async () => {
  await using project = await createTestedProject()
  project.write(
    'notes/apps.py',
    `from django.apps import AppConfig
from django.db.models.signals import post_migrate

SEEN = []

def see(using, apps, **kwargs):
    SEEN.append(apps.get_model('notes', 'Note').objects.using(using).count())

class NotesConfig(AppConfig):
    name = 'notes'
    default = True

    def ready(self):
        post_migrate.connect(see, sender=self)
`,
  )
  project.write(
    'notes/tests.py',
    `from django.test import TestCase
from .apps import SEEN

class Seen(TestCase):
    def test_seen(self):
        self.assertEqual(SEEN, [1])
`,
  )
  await project.expectTest(['miss'], ...project.manage())
  await project.expectTest(['hit'], ...project.manage())
})
