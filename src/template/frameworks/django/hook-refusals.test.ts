import { expect, test } from 'vitest'
import { createHookedProject } from './hook.fixture.ts'

test('a command that opens the database by itself is refused, with what to do', async () => {
  using project = await createHookedProject({ shop: true })
  project.write(
    'catalog/management/commands/wipe.py',
    `import sqlite3
from django.conf import settings
from django.core.management.base import BaseCommand

class Command(BaseCommand):
    def handle(self, **options):
        sqlite3.connect(settings.BASE_DIR / 'db.sqlite3').execute('drop table precious')
`,
  )
  const { status, stderr } = await project.python(['manage.py', 'wipe'])
  expect(status).toBe(1)
  expect(stderr).toContain(`PermissionError: devshm keeps set-up steps away from ${project.origin}`)
  expect(stderr).toContain('take the path from settings.DATABASES')
  expect(project.tablesOf(project.origin)).toEqual(['precious'])
})

/** What is refused says so; anything else that goes wrong is an error. */
const TRY_EACH = `
import os, pathlib, shutil, sqlite3, sys
here = os.getcwd()
def attempt(code):
    try:
        exec(code)
        return 'done'
    except PermissionError as error:
        return 'refused' if 'devshm keeps' in str(error) else str(error)
    finally:
        os.chdir(here)
for line in sys.argv[1:]:
    print(attempt(line))
`

test.each<[string, readonly string[], string]>([
  [
    'opened',
    [
      `sqlite3.connect('db.sqlite3')`,
      `sqlite3.connect(b'db.sqlite3')`,
      `sqlite3.connect(pathlib.Path('db.sqlite3').resolve())`,
      `sqlite3.connect('file:db.sqlite3?mode=ro', uri=True)`,
      `os.mkdir('x'); os.chdir('x'); sqlite3.connect('../db.sqlite3')`,
      `os.link('db.sqlite3', 'second-name'); sqlite3.connect('second-name')`,
    ],
    'refused',
  ],
  [
    'written or removed',
    [
      `open('db.sqlite3', 'wb')`,
      `open('db.sqlite3', 'r+b')`,
      `os.open('db.sqlite3', os.O_RDWR)`,
      `pathlib.Path('db.sqlite3').unlink()`,
      `os.remove('db.sqlite3-wal')`,
      `os.replace('other', 'db.sqlite3')`,
      `shutil.move('db.sqlite3', 'elsewhere')`,
      `shutil.copyfile(sys.executable, 'db.sqlite3')`,
      `os.truncate('db.sqlite3', 0)`,
    ],
    'refused',
  ],
  [
    'anything else',
    [
      `open('db.sqlite3', 'rb').read()`,
      `sqlite3.connect('other.db').execute('create table a(b)')`,
      `sqlite3.connect(':memory:')`,
      `sqlite3.connect('file:db.sqlite3?mode=memory', uri=True).execute('create table a(b)')`,
      `open('file', 'w').close(); os.rename('file', 'file-wal'); os.remove('file-wal')`,
      `sqlite3.connect(PRIVATE).execute('create table a(b)')`,
      `open(os.pipe()[1], 'w').close()`,
    ],
    'done',
  ],
])('%s is refused, or not', async (_what, lines, expected) => {
  using project = await createHookedProject()
  const named = lines.map((line) => line.replace('PRIVATE', JSON.stringify(project.to)))
  const { stdout, stderr } = await project.python(['-c', TRY_EACH, ...named])
  expect(stderr).toBe('')
  expect(stdout.trim().split('\n')).toEqual(lines.map(() => expected))
  expect(project.tablesOf(project.origin)).toEqual(['precious'])
})

test('what a step starts, and what it does at its exit, is led away as well', async () => {
  using project = await createHookedProject({ shop: true })
  project.write(
    'step.py',
    `import atexit, multiprocessing, os, sqlite3, subprocess, sys
import django

def name(_=None):
    os.environ['DJANGO_SETTINGS_MODULE'] = 'shop.settings'
    django.setup()
    from django.db import connection
    return connection.settings_dict['NAME']

def at_exit():
    print('at exit', flush=True)
    sqlite3.connect('db.sqlite3')

if __name__ == '__main__':
    atexit.register(at_exit)
    print(multiprocessing.get_context('spawn').Pool(1).map(name, [0])[0])
    print(subprocess.check_output([sys.executable, '-c', 'import step; print(step.name())'], text=True).strip())
`,
  )
  const { stdout, stderr } = await project.python(['step.py'])
  expect(stdout.trim().split('\n')).toEqual([project.to, project.to, 'at exit'])
  expect(stderr).toContain('devshm keeps set-up steps away')
})
