"""Make a Django project of a given size, for measuring its set-up.

    python3 make-django-project.py FOLDER MIGRATIONS OBJECTS [MODELS TESTS]

Apps of six migrations each: two models with a foreign key, then fields added, indexed and changed one by one, as
projects grow; and one fixture with OBJECTS objects in all. With MODELS, the first migrations make more models, so that
there are that many; and there are TESTS tests, each of which writes and reads a row.
"""

import json
import pathlib
import sys

PER_APP = 6

folder = pathlib.Path(sys.argv[1])
migrations, objects = int(sys.argv[2]), int(sys.argv[3])
models, tests = (int(sys.argv[4]), int(sys.argv[5])) if len(sys.argv) > 4 else (0, 0)
apps = [f'app{number:03}' for number in range((migrations + PER_APP - 1) // PER_APP)]

MANAGE = '''import os
import sys

os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_settings')
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
'''

SETTINGS = f'''from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
SECRET_KEY = 'for measuring only'
INSTALLED_APPS = [
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    {', '.join(map(repr, apps))},
]
DATABASES = {{'default': {{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}}}
DEFAULT_AUTO_FIELD = 'django.db.models.BigAutoField'
USE_TZ = True
'''

MODELS = '''from django.db import models


class Parent(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    created = models.DateTimeField(null=True)


class Child(models.Model):
    parent = models.ForeignKey(Parent, on_delete=models.CASCADE)
    title = models.CharField(max_length=200, db_index=True)
    body = models.TextField(default='')
    amount = models.DecimalField(max_digits=8, decimal_places=2, default=0)
'''

MIGRATION = '''from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [{dependency}]

    operations = [{operation}]
'''

INITIAL = '''
        migrations.CreateModel('Parent', [
            ('id', models.BigAutoField(primary_key=True)),
            ('name', models.CharField(max_length=80)),
            ('slug', models.SlugField(unique=True)),
            ('created', models.DateTimeField(null=True)),
        ]),
        migrations.CreateModel('Child', [
            ('id', models.BigAutoField(primary_key=True)),
            ('parent', models.ForeignKey('Parent', on_delete=models.CASCADE)),
            ('title', models.CharField(max_length=200)),
        ]),
    '''

MORE_MODEL = '''

class More{number}(models.Model):
    child = models.ForeignKey(Child, on_delete=models.CASCADE)
    name = models.CharField(max_length=80, db_index=True)
'''

MORE_INITIAL = '''
        migrations.CreateModel('More{number}', [
            ('id', models.BigAutoField(primary_key=True)),
            ('child', models.ForeignKey('Child', on_delete=models.CASCADE)),
            ('name', models.CharField(max_length=80, db_index=True)),
        ]),
    '''

TESTS = '''from django.test import TestCase

from .models import Parent


class ParentTests(TestCase):
    pass


def write_and_read(self):
    Parent.objects.create(name='one', slug='one')
    self.assertEqual(Parent.objects.get().name, 'one')


for number in range({number}):
    setattr(ParentTests, 'test_%d' % number, write_and_read)
'''

LATER = [
    "migrations.AddField('child', 'body', models.TextField(default=''))",
    "migrations.AlterField('child', 'title', models.CharField(max_length=200, db_index=True))",
    "migrations.AddField('child', 'amount', models.DecimalField(max_digits=8, decimal_places=2, default=0))",
    "migrations.AddIndex('parent', models.Index(fields=['created'], name='{app}_created'))",
    "migrations.RemoveIndex('parent', '{app}_created')",
]


def write(path, text):
    path = folder / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


write('manage.py', MANAGE)
write('site_settings.py', SETTINGS)
left = migrations
more = range(max(0, models // len(apps) - 2))
for app in apps:
    write(f'{app}/__init__.py', '')
    write(f'{app}/models.py', MODELS + ''.join(MORE_MODEL.format(number=number) for number in more))
    write(f'{app}/tests.py', TESTS.format(number=tests // len(apps)))
    write(f'{app}/migrations/__init__.py', '')
    before = ''
    # Every app has its models' fields in the end, so a last one may have more migrations than were asked for.
    for number in range(max(4, min(PER_APP, left))):
        name = f'{number + 1:04}_step'
        initial = INITIAL + ''.join(MORE_INITIAL.format(number=each) for each in more)
        operation = initial if number == 0 else LATER[number - 1].replace('{app}', app)
        write(f'{app}/migrations/{name}.py', MIGRATION.format(dependency=before, operation=operation))
        before = repr((app, name))
    left -= PER_APP

fixture = []
for number in range(objects // 2):
    app = apps[number % len(apps)]
    parent = {'name': f'Parent {number}', 'slug': f'parent-{number}', 'created': '2026-01-01T00:00:00Z'}
    child = {'parent': number + 1, 'title': f'Child {number}', 'body': 'x' * 400, 'amount': '1.50'}
    fixture.append({'model': f'{app}.parent', 'pk': number + 1, 'fields': parent})
    fixture.append({'model': f'{app}.child', 'pk': number + 1, 'fields': child})
write('fixtures/all.json', json.dumps(fixture))
write('devshm.config.json', json.dumps({
    'setup': [
        {'run': '/usr/bin/python3 manage.py migrate --noinput', 'inputs': [], 'incremental': True},
        {'run': '/usr/bin/python3 manage.py loaddata fixtures/all.json', 'inputs': ['fixtures/*.json']},
    ],
}))
