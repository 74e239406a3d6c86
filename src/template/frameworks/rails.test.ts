import { expect, test } from 'vitest'
import type { Framework } from '../framework.ts'
import { findRails } from './rails.ts'
import { projectOf } from './shared/project-for-tests.ts'

const APP = { Gemfile: '', 'bin/rails': '', 'config/application.rb': '' }
const database = (name: string): string => `    adapter: sqlite3\n    database: ${name}.sqlite3\n`
const TWO = `development:\n  primary:\n${database('dev')}  queue:\n${database('queue')}`

async function find(files: Record<string, string>, env: NodeJS.ProcessEnv = {}): Promise<Framework | undefined> {
  return await findRails(projectOf(files, env))
}

const runs = async (files: Record<string, string>): Promise<string[] | undefined> =>
  (await find(files))?.steps.map(({ run }) => run)

test('the application may lie in a folder of its own; one for the tests of an engine is none', async () => {
  const below = Object.fromEntries(Object.entries(APP).map(([path, text]) => [`backend/${path}`, text]))
  expect(await runs(below)).toEqual(['cd backend && bin/rails db:migrate'])
  const dummy = Object.fromEntries(Object.entries(APP).map(([path, text]) => [`test/dummy/${path}`, text]))
  expect(await runs(dummy)).toBeUndefined()
  expect(await runs({ Gemfile: '', 'config/application.rb': '' })).toBeUndefined()
})

test('seeds are a step where there is code in them', async () => {
  expect(await runs({ ...APP, 'db/seeds.rb': '# Nothing yet.\n\n  # Not here either.\n' })).toEqual([
    'bin/rails db:migrate',
  ])
  expect(await runs({ ...APP, 'db/seeds.rb': '# Some\nProduct.create!' })).toEqual([
    'bin/rails db:migrate',
    'bin/rails db:seed',
  ])
})

test('a database that is thrown away after the build is migrated again before seeding', async () => {
  const files = { ...APP, 'config/database.yml': TWO, 'db/seeds.rb': 'Product.create!' }
  expect(await runs(files)).toEqual(['bin/rails db:migrate', 'bin/rails db:migrate db:seed'])
})

test('Rails before 6.1 has no variable for one of several databases: in place', async () => {
  const route = async (version: string): Promise<string | undefined> =>
    (
      await find({
        ...APP,
        'config/database.yml': TWO,
        'Gemfile.lock': `GEM\n  specs:\n    activerecord (${version})\n`,
      })
    )?.route.kind
  expect([await route('6.0.6'), await route('6.1.7'), await route('8.0.1')]).toEqual([
    'in-place',
    'variables',
    'variables',
  ])
})

test('migrations are found in the folders of several databases, of engines, and where the configuration says', async () => {
  const yaml = `${TWO}    migrations_paths: db/jobs\n`
  const migrations = [
    'db/jobs/3_c.rb',
    'db/migrate/1_a.rb',
    'db/migrate/2026/4_d.rb',
    'db/queue_migrate/2_b.rb',
    'engines/x/db/migrate/5_e.rb',
  ]
  const others = Object.fromEntries([...migrations, 'test/dummy/db/migrate/6_f.rb'].map((path) => [path, '']))
  const found = await find({ ...APP, 'config/database.yml': yaml, ...others })
  expect(
    found?.inputs
      .filter(({ role }) => role === 'ordered')
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual(migrations.toSorted())
})

test('the settings of the environment count, and tasks that touch the database', async () => {
  const files = {
    ...APP,
    'config/environments/test.rb': '',
    'config/environments/development.rb': '',
    'lib/tasks/db.rake': `Rake::Task['db:migrate'].enhance { }`,
    'lib/tasks/other.rake': 'task :mail',
  }
  const paths = (await find(files, { RAILS_ENV: 'test' }))?.inputs.map(({ path }) => path).toSorted()
  expect(paths).toEqual(['Gemfile', 'config/application.rb', 'config/environments/test.rb', 'lib/tasks/db.rake'])
})
