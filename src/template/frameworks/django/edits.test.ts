import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { createExampleProject, type ExampleProject } from './find-django.fixture.ts'

const NEW = `from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [('catalog', '0006_product_price_not_negative')]
    operations = [migrations.AddField('product', 'weight', models.IntegerField(default=0))]
`

function append(name: string, text = '\n# edited\n'): (project: ExampleProject) => void {
  return (project) => {
    project.write(name, project.read(name) + text)
  }
}

test.each<[string, (project: ExampleProject) => void]>([
  ['a view', append('catalog/views.py')],
  ['urls', append('shop/urls.py')],
  ['wsgi.py', append('shop/wsgi.py')],
  ['a test', append('orders/tests.py')],
  ['the admin', append('catalog/admin.py')],
  ['a form', append('orders/forms.py')],
  ['what only views use', append('orders/services.py')],
  ['a management command', append('catalog/management/commands/receive_goods.py')],
  ['a template', append('catalog/templates/catalog/product_list.html')],
  ['a fixture, which is its own step', append('fixtures/demo.json', ' ')],
  [
    'a new view',
    (project) => {
      project.write('catalog/api.py', 'import catalog.views\n')
    },
  ],
  [
    'the time of every file',
    (project) => {
      execFileSync('find', [project.root, '-exec', 'touch', '{}', '+'])
    },
  ],
])('an edit of %s changes nothing', async (_what, edit) => {
  using project = createExampleProject()
  const before = await project.key()
  edit(project)
  expect(await project.key()).toBe(before)
})

test.each<[string, (project: ExampleProject) => void]>([
  ['an edited migration', append('catalog/migrations/0002_product_sku.py')],
  [
    'a new migration',
    (project) => {
      project.write('catalog/migrations/0007_weight.py', NEW)
    },
  ],
  [
    'a removed migration',
    (project) => {
      project.remove('orders/migrations/0006_line_constraints.py')
    },
  ],
  ['the package of migrations', append('orders/migrations/__init__.py')],
  [
    'what lies with migrations',
    (project) => {
      project.write('orders/migrations/data/methods.sql', 'select 1')
    },
  ],
  ['the helper that a migration imports', append('shop/constraints.py')],
  ['models', append('orders/models.py')],
  ['apps.py', append('orders/apps.py')],
  ['the settings', append('shop/settings.py')],
  [
    'a file beside a helper, once it imports it',
    (project) => {
      project.write('shop/constraints.py', `from . import wsgi\n${project.read('shop/constraints.py')}`)
    },
  ],
])('%s changes it', async (_what, edit) => {
  using project = createExampleProject()
  const before = await project.key()
  edit(project)
  expect(await project.key()).not.toBe(before)
})

test('another branch and back is the same again', async () => {
  using project = createExampleProject()
  const git = (...words: string[]): void => {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false']
    execFileSync('git', [...identity, ...words], { cwd: project.root, stdio: 'ignore' })
  }
  git('init', '-b', 'main')
  git('add', '-A')
  git('commit', '-m', 'one')
  const before = await project.key()
  git('checkout', '-b', 'feature')
  project.write('catalog/migrations/0007_weight.py', NEW)
  git('add', '-A')
  git('commit', '-m', 'two')
  expect(await project.key()).not.toBe(before)
  git('checkout', 'main')
  expect(await project.key()).toBe(before)
})

test('what makes a difference for continuing is told by roles', async () => {
  using project = createExampleProject()
  expect(await project.roles()).toMatchObject({
    'catalog/migrations/0001_initial.py': 'ordered',
    'catalog/migrations/__init__.py': 'fixed',
    'catalog/models.py': 'free',
    'catalog/apps.py': 'fixed',
    'shop/settings.py': 'fixed',
    'shop/constraints.py': 'fixed',
  })
})
