import { expect, test } from 'vitest'
import { createExampleProject } from './find-django.fixture.ts'

/** Why these migrations may not be run on top of those of the example, by path and text. */
async function whyNot(added: Record<string, string>, more: Record<string, string> = {}): Promise<string | undefined> {
  using project = createExampleProject()
  for (const [name, text] of Object.entries({ ...added, ...more })) project.write(name, text)
  const framework = await project.find()
  return framework?.whyNotOnTop?.(Object.keys(added))
}

function migration(operations: string, more = '', after = `('catalog', '0006_product_price_not_negative')`): string {
  return `from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [${after}]
    operations = [${operations}]
    ${more}
`
}

const ADD = `migrations.AddField('product', 'weight', models.IntegerField(default=0)),`
const NEXT = 'catalog/migrations/0007_next.py'

test.each<[string, Record<string, string>]>([
  ['a field', { [NEXT]: migration(ADD) }],
  [
    'several operations',
    {
      [NEXT]: migration(
        `${ADD}\n# migrations.CreateModel()\nmigrations.RenameField('a', 'b', 'c'), migrations.AddIndex('a', models.Index())`,
      ),
    },
  ],
  ['none', { [NEXT]: migration('') }],
  [
    'two that follow each other',
    {
      [NEXT]: migration(ADD),
      'catalog/migrations/0008_more.py': migration(ADD, '', `('catalog', '0007_next')`),
    },
  ],
  [
    'one of each app',
    {
      [NEXT]: migration(ADD),
      'orders/migrations/0007_x.py': migration(
        ADD,
        '',
        `('orders', '0006_line_constraints'), ('catalog', '0007_next')`,
      ),
    },
  ],
  [
    'rows of the project',
    { [NEXT]: migration(`migrations.RunPython(fill)`, `x = apps.get_model('catalog', 'Product')`) },
  ],
  ['SQL', { [NEXT]: migration(`migrations.RunSQL('update catalog_product set stock = 1')`) }],
])('%s can be run on top', async (_what, added) => {
  expect(await whyNot(added)).toBeUndefined()
})

test.each<[string, Record<string, string>, string]>([
  ['a squash', { [NEXT]: migration(ADD, `replaces = [('catalog', '0001_initial')]`) }, 'replaces others'],
  ['run_before', { [NEXT]: migration(ADD, `run_before = [('orders', '0001_initial')]`) }, 'is to run before others'],
  [
    'one beside the last',
    { [NEXT]: migration(ADD, '', `('catalog', '0004_product_sku_required')`) },
    'does not come after 0006_product_price_not_negative',
  ],
  ['a new model', { [NEXT]: migration(`migrations.CreateModel('Tag', fields=[])`) }, 'has a CreateModel'],
  ['a model less', { [NEXT]: migration(`migrations.DeleteModel('Product')`) }, 'has a DeleteModel'],
  ['a renamed model', { [NEXT]: migration(`${ADD} migrations.RenameModel('A', 'B')`) }, 'has a RenameModel'],
  [
    'other options, with its permissions',
    { [NEXT]: migration(`migrations.AlterModelOptions('a', {})`) },
    'has a AlterModelOptions',
  ],
  [
    'one inside another',
    { [NEXT]: migration(`migrations.SeparateDatabaseAndState([migrations.DeleteModel('a')])`) },
    'has a DeleteModel',
  ],
  ['an operation of somebody else', { [NEXT]: migration('tools.Grant()') }, 'has a Grant'],
  ['operations that are put together', { [NEXT]: migration('*MORE') }, 'puts its operations together'],
  [
    'a list that is added to',
    { [NEXT]: `${migration(ADD)}    operations += more()\n` },
    'puts its operations together',
  ],
  ['a file that is no migration', { [NEXT]: 'x = 1' }, 'does not come after'],
  [
    'permissions in a RunPython',
    { [NEXT]: migration('migrations.RunPython(f)', `# Permission`) },
    'is about what Django writes',
  ],
])('%s cannot', async (_what, added, reason) => {
  expect(await whyNot(added)).toContain(reason)
})

test('rows that an imported helper writes count as those of the migration', async () => {
  const added = { [NEXT]: `import shop.fill\n${migration('migrations.RunPython(shop.fill.fill)')}` }
  expect(await whyNot(added, { 'shop/fill.py': '' })).toBeUndefined()
  expect(await whyNot(added, { 'shop/fill.py': 'Group.objects.create()' })).toContain(
    'shop/fill.py is about what Django writes',
  )
})

test('no rows where the project itself acts after each migrate', async () => {
  const receiver = { 'orders/signals.py': 'from django.db.models.signals import post_migrate' }
  expect(await whyNot({ [NEXT]: migration('migrations.RunPython(f)') }, receiver)).toContain(
    'orders/signals.py acts after each migrate',
  )
  expect(await whyNot({ [NEXT]: migration(ADD) }, receiver)).toBeUndefined()
})

test('one that an applied one depends on would have been run before it', async () => {
  const latest = {
    'orders/migrations/0006_line_constraints.py': migration(
      ADD,
      '',
      `('orders', '0005_order_reference'), ('catalog', '__latest__')`,
    ),
  }
  expect(await whyNot({ [NEXT]: migration(ADD) }, latest)).toContain('depends on the latest')
  const named = { 'orders/migrations/0006_line_constraints.py': migration(ADD, '', `('catalog', '0007_next')`) }
  expect(await whyNot({ [NEXT]: migration(ADD) }, named)).toContain(
    'which was applied, depends on catalog/migrations/0007_next.py',
  )
})

test('without content types a new model can be run on top', async () => {
  const settings = `INSTALLED_APPS = ['catalog', 'orders']\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3'}}\n`
  const added = { [NEXT]: migration(`migrations.CreateModel('Tag', fields=[])`) }
  expect(await whyNot(added, { 'shop/settings.py': settings })).toBeUndefined()
})
