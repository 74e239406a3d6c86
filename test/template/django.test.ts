import { expect, test } from 'vitest'
import { createDjangoSetup, migration, type DjangoSetup } from './support/django-setup.ts'

const ADD_NOTE = `migrations.AddField('product', 'note', models.CharField(max_length=40, default=''))`

/** Reset, and make sure that Django and two fresh builds agree with what came of it. */
async function resetAndVerify(project: DjangoSetup): Promise<string> {
  const outcome = await project.devshm('reset')
  expect(outcome).toMatchObject({ status: 0 })
  expect(await project.manage('migrate', '--check')).toMatchObject({ status: 0 })
  const verified = await project.devshm('template', 'verify')
  expect(verified.stdout).toContain('default: equal to a fresh build')
  return outcome.stderr
}

test('a Django project needs no configuration: reset builds by migrate, without touching the database', async () => {
  await using project = await createDjangoSetup()
  await project.manage('migrate')
  project.sql(`insert into catalog_category (name, slug) values ('Mine', 'mine')`)
  expect(await project.devshm('template', 'build')).toMatchObject({ status: 0 })
  expect(project.sql('select name from catalog_category')).toEqual([{ name: 'Mine' }])
  expect(await resetAndVerify(project)).not.toContain('step 1')
  expect(project.sql('select name from catalog_category')).toEqual([])
  expect(project.sql('select count(*) as n from django_migrations')[0]?.['n']).toBeGreaterThan(20)
})

test('what decides nothing is a hit: a view, a test, a template of a page, a comment elsewhere', async () => {
  await using project = await createDjangoSetup()
  await project.devshm('template', 'build')
  await project.write('catalog/views.py', 'from django.shortcuts import render\n')
  await project.write('catalog/tests.py', '')
  await project.write('catalog/templates/catalog/product_list.html', 'changed')
  await project.write('orders/forms.py', '')
  expect(await project.cached()).toEqual([true])
})

test.each<[string, (project: DjangoSetup) => Promise<void>]>([
  [
    'an edited migration',
    (project) => project.edit('catalog/migrations/0005_product_stock.py', 'stock', 'stock_count'),
  ],
  ['an edited model', (project) => project.edit('catalog/models.py', 'class ', 'class  ')],
  ['changed settings', (project) => project.edit('shop/settings.py', `'en-us'`, `'de-de'`)],
  ['a removed migration', (project) => project.remove('catalog/migrations/0006_product_price_not_negative.py')],
])('%s misses', async (_what, edit) => {
  await using project = await createDjangoSetup()
  await project.devshm('template', 'build')
  await edit(project)
  expect(await project.cached()).toEqual([false])
})

test('a helper that a data migration calls: edited, it misses, and the template is what a fresh build makes', async () => {
  await using project = await createDjangoSetup()
  await project.write('catalog/names.py', `def name_for(category):\n    return 'First'\n`)
  await project.write(
    'catalog/migrations/0007_first_category.py',
    `from catalog.names import name_for\n${migration(['catalog', '0006_product_price_not_negative'], 'migrations.RunPython(make)')}`.replace(
      'class Migration',
      `def make(apps, schema_editor):
    apps.get_model('catalog', 'Category').objects.create(name=name_for(None), slug='first')


class Migration`,
    ),
  )
  await resetAndVerify(project)
  expect(project.sql('select name from catalog_category')).toEqual([{ name: 'First' }])
  await project.edit('catalog/names.py', 'First', 'Second')
  expect(await project.cached()).toEqual([false])
  expect(await resetAndVerify(project)).not.toContain('what is pending')
  expect(project.sql('select name from catalog_category')).toEqual([{ name: 'Second' }])
})

test('a new migration is run on top of the older state; going back to the other branch is a hit', async () => {
  await using project = await createDjangoSetup()
  await project.devshm('reset')
  await project.write(
    'catalog/migrations/0007_product_note.py',
    migration(['catalog', '0006_product_price_not_negative'], ADD_NOTE),
  )
  await project.edit(
    'catalog/models.py',
    '    class Meta',
    `    note = models.CharField(max_length=40, default='')\n\n    class Meta`,
  )
  expect(await resetAndVerify(project)).toContain('what is pending')
  expect(project.sql(`select name from pragma_table_info('catalog_product') where name = 'note'`)).toHaveLength(1)
  await project.remove('catalog/migrations/0007_product_note.py')
  await project.edit('catalog/models.py', `    note = models.CharField(max_length=40, default='')\n\n`, '')
  expect(await project.cached()).toEqual([true])
})

test.each<[string, (project: DjangoSetup) => Promise<void>]>([
  [
    'a new model, whose permissions would be numbered otherwise',
    async (project) => {
      const model = `[('id', models.BigAutoField(primary_key=True)), ('name', models.CharField(max_length=9))]`
      await project.write(
        'catalog/migrations/0007_brand.py',
        migration(['catalog', '0006_product_price_not_negative'], `migrations.CreateModel('Brand', ${model})`),
      )
    },
  ],
  [
    'one inserted by a merge, before what was applied',
    async (project) => {
      await project.write(
        'catalog/migrations/0005_a_note.py',
        migration(['catalog', '0004_product_sku_required'], ADD_NOTE),
      )
      await project.edit('catalog/migrations/0005_product_stock.py', '0004_product_sku_required', '0005_a_note')
    },
  ],
  [
    'a squash of what was applied',
    async (project) => {
      await project.write(
        'catalog/migrations/0007_squashed.py',
        migration(
          ['catalog', '0004_product_sku_required'],
          `migrations.AddField('product', 'stock', models.PositiveIntegerField(default=0))`,
          `replaces = [('catalog', '0005_product_stock')]`,
        ),
      )
    },
  ],
])('%s is built in full', async (_what, edit) => {
  await using project = await createDjangoSetup()
  await project.devshm('template', 'build')
  await edit(project)
  const outcome = await project.devshm('template', 'explain')
  expect(outcome.stdout).toMatch(/miss[\s\S]*will run in full/)
})

test('steps of the configuration: fixtures are a layer of their own, and flush in a step reaches no data of ours', async () => {
  await using project = await createDjangoSetup()
  await project.manage('migrate')
  project.sql(`insert into catalog_category (name, slug) values ('Mine', 'mine')`)
  const migrate = { run: 'python3 manage.py migrate --noinput', inputs: [], incremental: true }
  const load = { run: 'python3 manage.py loaddata demo', inputs: ['fixtures/*.json'] }
  const flush = { run: 'python3 manage.py flush --noinput', inputs: [] }
  await project.write('devshm.config.json', JSON.stringify({ setup: [migrate, load, flush] }))
  expect(await project.devshm('template', 'build')).toMatchObject({ status: 0 })
  expect(project.sql('select name from catalog_category')).toEqual([{ name: 'Mine' }])
  await project.edit('fixtures/demo.json', '"model"', ' "model"')
  expect(await project.cached()).toEqual([true, false, false])
  await project.write('devshm.config.json', JSON.stringify({ setup: [migrate, load] }))
  await resetAndVerify(project)
  expect(project.sql(`select count(*) as n from catalog_product`)[0]?.['n']).toBeGreaterThan(3)
})
