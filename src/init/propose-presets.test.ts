import { expect, test } from 'vitest'
import type { Proposal } from './proposal.ts'
import { found, manifest, DEV, pending, DJANGO, KNEX, DRIZZLE, type Files } from './propose.fixture.ts'

test.each<{ name: string; files: Files; expected: Partial<Proposal> }>([
  {
    name: 'Rails',
    files: {
      Gemfile: '',
      'bin/rails': '',
      'config/application.rb': '',
      'config/database.yml':
        'development:\n  adapter: sqlite3\n  database: db/development.sqlite3\n' +
        'test:\n  adapter: sqlite3\n  database: db/test.sqlite3\n',
      'db/migrate/20260101090000_products.rb': '',
      'db/seeds.rb': "Product.create!(name: 'Tea')",
      'app/models/product.rb': '',
    },
    expected: {
      databases: { development: { path: 'db/development.sqlite3' } },
      setup: [
        { run: 'bin/rails db:migrate', ...pending },
        { run: 'bin/rails db:seed', inputs: ['app/**', 'db/seeds.rb'] },
      ],
    },
  },
  {
    name: 'Knex',
    files: {
      ...KNEX,
      'seeds/1.js': '',
      'seeds/2.js': "require('../lib/names.json')",
      'lib/names.json': '',
      'lib/x.js': '',
    },
    expected: {
      databases: DEV,
      setup: [
        { run: 'npx --no-install knex migrate:latest', ...pending },
        { run: 'npx --no-install knex seed:run', inputs: ['lib/names.json', 'seeds/**'] },
      ],
    },
  },
  {
    name: 'Drizzle',
    files: DRIZZLE,
    expected: { databases: DEV, setup: [{ run: 'npx --no-install drizzle-kit migrate', ...pending }] },
  },
  {
    name: 'TypeORM',
    files: {
      ...manifest('typeorm'),
      'src/data-source.js':
        "new DataSource({ type: 'better-sqlite3', database: 'dev.sqlite3', migrations: ['src/migrations/*.js'] })",
      'src/migrations/1767258000000-products.js': '',
    },
    expected: {
      databases: DEV,
      setup: [{ run: 'npx --no-install typeorm migration:run -d src/data-source.js', ...pending }],
    },
  },
  {
    name: 'Sequelize',
    files: {
      ...manifest('sequelize'),
      'config/config.json': JSON.stringify({
        development: { dialect: 'sqlite', storage: 'dev.sqlite3' },
        test: { dialect: 'sqlite', storage: 'test.sqlite3' },
      }),
      'migrations/20260101090000-products.js': '',
    },
    expected: { databases: DEV, setup: [{ run: 'npx --no-install sequelize-cli db:migrate', ...pending }] },
  },
  {
    name: 'Kysely',
    files: {
      ...manifest('kysely', 'kysely-ctl'),
      '.config/kysely.config.ts': "new SqliteDialect({ database: new Database('dev.sqlite3') })",
      'migrations/1767258000000_products.ts': '',
      'seeds/1.ts': '',
    },
    expected: {
      databases: DEV,
      setup: [
        { run: 'npx --no-install kysely migrate:latest --no-outdated-check', ...pending },
        { run: 'npx --no-install kysely seed:run --no-outdated-check', inputs: ['seeds/**'] },
      ],
    },
  },
])('$name is found, and the database that its settings name before it is there', async ({ name, files, expected }) => {
  expect(await found(files)).toEqual({ framework: name, isPreset: true, ...expected })
})

test('Django is found, with its database', async () => {
  expect(await found(DJANGO, ['db.sqlite3'])).toEqual({
    framework: 'Django',
    isPreset: true,
    databases: { default: { path: 'db.sqlite3' } },
    setup: [{ run: 'python3 manage.py migrate --noinput', ...pending }],
  })
})
