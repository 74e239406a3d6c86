"""Make a Django project of a given size, for measuring its set-up.

    python3 make-django-project.py FOLDER MIGRATIONS OBJECTS [MODELS TESTS]

Apps of six migrations each: two models with a foreign key, then fields added, indexed and changed one by one, as
projects grow; and one fixture with OBJECTS objects in all. With MODELS, the first migrations make more models, so that
there are that many; and there are TESTS tests, each of which writes and reads a row.
"""

import pathlib
import sys

from django_files import write, write_project

PER_APP = 6

folder = pathlib.Path(sys.argv[1])
migrations, objects = int(sys.argv[2]), int(sys.argv[3])
models, tests = (int(sys.argv[4]), int(sys.argv[5])) if len(sys.argv) > 4 else (0, 0)
apps = [f'app{number:03}' for number in range((migrations + PER_APP - 1) // PER_APP)]

DJANGO_APPS = ['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions']

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


left = migrations
more = range(max(0, models // len(apps) - 2))
for app in apps:
    write(folder, f'{app}/__init__.py', '')
    write(folder, f'{app}/models.py', MODELS + ''.join(MORE_MODEL.format(number=number) for number in more))
    write(folder, f'{app}/tests.py', TESTS.format(number=tests // len(apps)))
    write(folder, f'{app}/migrations/__init__.py', '')
    before = ''
    # Every app has its models' fields in the end, so a last one may have more migrations than were asked for.
    for number in range(max(4, min(PER_APP, left))):
        name = f'{number + 1:04}_step'
        initial = INITIAL + ''.join(MORE_INITIAL.format(number=each) for each in more)
        operation = initial if number == 0 else LATER[number - 1].replace('{app}', app)
        write(folder, f'{app}/migrations/{name}.py', MIGRATION.format(dependency=before, operation=operation))
        before = repr((app, name))
    left -= PER_APP

fixture = []
for number in range(objects // 2):
    app = apps[number % len(apps)]
    parent = {'name': f'Parent {number}', 'slug': f'parent-{number}', 'created': '2026-01-01T00:00:00Z'}
    child = {'parent': number + 1, 'title': f'Child {number}', 'body': 'x' * 400, 'amount': '1.50'}
    fixture.append({'model': f'{app}.parent', 'pk': number + 1, 'fields': parent})
    fixture.append({'model': f'{app}.child', 'pk': number + 1, 'fields': child})
write_project(folder, DJANGO_APPS + apps, fixture)
