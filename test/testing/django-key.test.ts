import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestedProject } from './support/django/project.ts'

test('an app beside the project, on PYTHONPATH: its code is looked at in the process', async () => {
  await using project = await createTestedProject()
  const beside = join(project.cache, 'beside')
  mkdirSync(beside)
  renameSync(join(project.folder, 'notes'), join(beside, 'notes'))
  project.env['PYTHONPATH'] = beside
  await project.expectTest(['miss'], ...project.manage('notes'))
  await project.expectTest(['hit'], ...project.manage('notes'))
  writeFileSync(join(beside, 'notes/words.py'), `FIRST = '' + 'first'\n`)
  const { databases } = await project.expectTest(['miss'], ...project.manage('notes'))
  expect(databases[0]?.differs).toEqual([`changed ${join(beside, 'notes/words.py')}`])
})

test('code that migrations find in a way that no file shows counts once it was seen', async () => {
  await using project = await createTestedProject()
  project.write('hidden.py', `FIRST = 'first'\n`)
  project.edit(
    'notes/migrations/0002_first.py',
    'from notes.words import FIRST',
    `from django.utils.module_loading import import_string\nFIRST = import_string('hid' + 'den.FIRST')`,
  )
  await project.expectTest(['miss'], ...project.manage())
  await project.expectTest(['hit'], ...project.manage())
  project.edit('hidden.py', `'first'`, `'' + 'first'`)
  const { databases } = await project.expectTest(['miss'], ...project.manage())
  expect(databases[0]?.reason).toContain('hidden.py has changed')
  await project.expectTest(['hit'], ...project.manage())
})

test('settings: what is random or only text for people hits, what they are made of misses', async () => {
  await using project = await createTestedProject()
  project.write(
    'site_/special.py',
    `from .settings import *
import re, tempfile
from datetime import timedelta
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

def never():
    raise AssertionError('asked for')

MEDIA_ROOT = tempfile.mkdtemp()
LANGUAGES = [('en', _('English')), ('de', _('German'))]
ANY_ORDER = {'a', 'b', 'c', 'd', 'e'}
OBJECT = object()
LAZY = SimpleLazyObject(never)
PATTERNS = [re.compile('^/a'), timedelta(days=1), never, BASE_DIR / 'x', b'x', 1.5, None]
ITSELF = {}
ITSELF['again'] = ITSELF
`,
  )
  const words = project.manage('--settings=site_.special')
  await project.expectTest(['miss'], ...words)
  await project.expectTest(['hit'], ...words)
  project.write('site_/more.py', `from .special import *\nPATTERNS[1] = timedelta(days=2)\n`)
  const { databases } = await project.expectTest(['miss'], ...project.manage('--settings=site_.more'))
  expect(databases[0]?.differs).toEqual(['added site_/more.py', 'setting PATTERNS', 'settings'])
})

test('variables that migrations read count, others do not', async () => {
  await using project = await createTestedProject()
  project.edit('notes/words.py', `'first'`, `__import__('os').environ.get('FIRST_NOTE', 'first')`)
  project.env['OTHER'] = '1'
  await project.expectTest(['miss'], ...project.manage())
  project.env['OTHER'] = '2'
  await project.expectTest(['hit'], ...project.manage())
  const { databases } = await project.expectTest(
    ['miss'],
    'env',
    'FIRST_NOTE=other',
    ...project.manage('notes.tests.Dump'),
  )
  expect(databases[0]?.differs).toEqual(['variable FIRST_NOTE'])
})

test('models that only tests have make a template of their own', async () => {
  await using project = await createTestedProject()
  project.write('site_/models.py', '')
  project.write('site_/tests/__init__.py', '')
  project.write(
    'site_/tests/test_own.py',
    `from django.db import models
from django.test import TestCase

class Own(models.Model):
    text = models.CharField(max_length=3)
    class Meta:
        app_label = 'site_'

class OwnTests(TestCase):
    def test_own(self):
        self.assertEqual(Own.objects.create(text='a').pk, 1)
`,
  )
  project.edit('site_/settings.py', `'notes']`, `'notes', 'site_']`)
  await project.expectTest(['miss'], ...project.manage('notes'))
  await project.expectTest(['miss'], ...project.manage())
  await project.expectTest(['hit'], ...project.manage())
  project.edit('site_/tests/test_own.py', 'max_length=3', 'max_length=4')
  await project.expectTest(['hit'], ...project.manage('notes'))
  await project.expectTest(['miss'], ...project.manage())
})

test('what the command writes before it comes to its tests counts', async () => {
  await using project = await createTestedProject()
  await project.expectTest(['miss'], ...project.manage('notes.tests.Dump'))
  const edit = `sed -i "s/'first'/'' + 'first'/" notes/words.py`
  const later = ['sh', '-c', `${edit} && exec ${project.manage('notes.tests.Dump').join(' ')}`]
  const { databases } = await project.expectTest(['miss'], ...later)
  expect(databases[0]).toMatchObject({ kept: true })
  await project.expectTest(['hit'], ...project.manage('notes.tests.Dump'))
})
