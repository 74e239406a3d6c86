/** A project with an app of three migrations, the second of which calls a helper, and with what dumps its test databases. */
export const FILES: Readonly<Record<string, string>> = {
  'manage.py': `import os, sys
os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_.settings')
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`,
  'site_/__init__.py': '',
  'site_/settings.py': `import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.urandom(9).hex()
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth', 'notes']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
PASSWORD_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher']
USE_TZ = True
`,
  'notes/__init__.py': '',
  'notes/models.py': `from django.db import models


class Note(models.Model):
    text = models.CharField(max_length=80)
    mark = models.CharField(max_length=8, default='')
`,
  'notes/views.py': '',
  'notes/words.py': `FIRST = 'first'\n`,
  'notes/migrations/__init__.py': '',
  'notes/migrations/0001_initial.py': migration(
    [],
    `migrations.CreateModel('Note', [('id', models.BigAutoField(primary_key=True)), ('text', models.CharField(max_length=80))])`,
  ),
  'notes/migrations/0002_first.py': migration(['0001_initial'], `migrations.RunPython(make)`, {
    before: `from notes.words import FIRST


def make(apps, schema_editor):
    apps.get_model('notes', 'Note').objects.using(schema_editor.connection.alias).create(text=FIRST)
`,
  }),
  'notes/migrations/0003_mark.py': migration(
    ['0002_first'],
    `migrations.AddField('note', 'mark', models.CharField(max_length=8, default=''))`,
  ),
  'notes/tests.py': `import os

from django.contrib.auth.models import Permission
from django.db import connections
from django.test import TestCase, TransactionTestCase

from .models import Note


class Writing(TestCase):
    def test_what_migrations_made_is_there(self):
        self.assertEqual(Note.objects.count(), 1)
        self.assertEqual(Permission.objects.filter(content_type__app_label='notes').count(), 4)

    def test_writing(self):
        self.assertEqual(Note.objects.create(text='more').pk, 2)


class Flushing(TransactionTestCase):
    serialized_rollback = True

    def test_what_migrations_made_is_there(self):
        self.assertEqual([note.text for note in Note.objects.all()], ['first'])
        Note.objects.all().delete()

    def test_what_migrations_made_is_there_again(self):
        self.test_what_migrations_made_is_there()


class Dump(TestCase):
    databases = '__all__'

    def test_dump(self):
        for alias in connections if 'DUMP' in os.environ else ():
            lines = list(connections[alias].connection.iterdump())
            with open(os.environ['DUMP'] + alias, 'w') as file:
                file.writelines(line + '\\n' for line in lines if 'INTO "django_migrations"' not in line)
`,
}

/** A migration of the app `notes`, or of another. */
export function migration(
  after: readonly string[],
  operations: string,
  { before = '', app = 'notes' }: { before?: string; app?: string } = {},
): string {
  const dependencies = after.map((name) => `('${app}', '${name}')`).join(', ')
  return `from django.db import migrations, models
${before}

class Migration(migrations.Migration):
    dependencies = [${dependencies}]
    operations = [${operations}]
`
}
