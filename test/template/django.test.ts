import { expect, test } from 'vitest'
import { createDjangoSetup, migration, type DjangoSetup } from './support/django-setup.ts'

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

test('a new model is built in full: its permissions would be numbered otherwise', async () => {
  await using project = await createDjangoSetup()
  await project.devshm('template', 'build')
  const model = `[('id', models.BigAutoField(primary_key=True)), ('name', models.CharField(max_length=9))]`
  await project.write(
    'catalog/migrations/0007_brand.py',
    migration(['catalog', '0006_product_price_not_negative'], `migrations.CreateModel('Brand', ${model})`),
  )
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
