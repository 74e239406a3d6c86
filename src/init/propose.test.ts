import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTestProject, type TestProject } from '../project/project-for-tests.ts'
import { propose } from './propose.ts'
import type { Proposal } from './proposal.ts'

type Files = Readonly<Record<string, string>>

/** A project of these files in a folder `shop`, with a cache beside it. */
function projectOf(files: Files, databases: readonly string[] = []): TestProject {
  const project = createTestProject()
  onTestFinished(() => project[Symbol.dispose]())
  mkdirSync(project.at('shop'))
  for (const [path, text] of Object.entries({ 'package.json': '{}', ...files })) project.write(`shop/${path}`, text)
  for (const path of databases) project.database(`shop/${path}`)
  return project
}

async function proposeIn(project: TestProject, folder = 'shop', db: string[] = [], env = {}): Promise<Proposal> {
  const all = { PATH: '/usr/bin', DEVSHM_CACHE: project.at('cache'), ...env }
  return await propose({ cwd: project.at(folder), env: all, db })
}

async function found(files: Files, databases?: readonly string[]): Promise<Partial<Proposal>> {
  const { framework, isPreset, databases: named, env, setup } = await proposeIn(projectOf(files, databases))
  return { framework, isPreset, databases: named, setup, ...(env === undefined ? {} : { env }) }
}

function manifest(...dependencies: string[]): Files {
  const versions = Object.fromEntries(dependencies.map((name) => [name, '*']))
  return { 'package.json': JSON.stringify({ dependencies: versions }) }
}

const DEV = { dev: { path: 'dev.sqlite3' } }
const pending = { inputs: [], incremental: true }

const DJANGO: Files = {
  'package.json': '{}',
  'manage.py': "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')",
  'shop/__init__.py': '',
  'shop/settings.py': "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}}",
}
const KNEX: Files = {
  ...manifest('knex'),
  'knexfile.js': "module.exports = { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' } }",
  'migrations/20260101090000_products.js': '',
}
const DRIZZLE: Files = {
  ...manifest('drizzle-kit'),
  'drizzle.config.ts': "export default { dialect: 'sqlite', dbCredentials: { url: 'file:./dev.sqlite3' } }",
  'drizzle/0000_products.sql': '',
}

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

test.each<{ name: string; files: Files; expected: Partial<Proposal> }>([
  {
    name: 'Alembic',
    files: {
      'alembic.ini': '[alembic]\nscript_location = %(here)s/alembic\nsqlalchemy.url = sqlite+aiosqlite:///shop.db\n',
      'alembic/env.py': 'url = config.get_main_option("sqlalchemy.url")',
      'alembic/versions/8a1c_products.py': '',
      'requirements.txt': '',
      '.venv/bin/alembic': '',
    },
    expected: {
      databases: { shop: { path: 'shop.db' } },
      setup: [
        { run: '.venv/bin/alembic upgrade head', inputs: ['alembic/**/*.py', 'alembic.ini', 'requirements.txt'] },
      ],
    },
  },
  {
    name: 'Alembic',
    files: {
      'api/alembic.ini': '[alembic]\nscript_location = db\nsqlalchemy.url = sqlite:///../shop.db\n',
      'api/db/env.py': 'url = os.environ["DATABASE_URL"]',
      'api/db/versions/2026_01_01_products.py': '',
    },
    expected: {
      databases: { shop: { path: 'shop.db' } },
      env: { DATABASE_URL: 'sqlite:///{path}' },
      setup: [
        {
          run: 'cd api && alembic upgrade head',
          inputs: ['api/db/versions/*.py', 'api/alembic.ini'],
          incremental: true,
        },
      ],
    },
  },
  {
    name: 'Flask-Migrate',
    files: {
      'app.py': 'app.config["URL"] = "sqlite:///shop.db"',
      'migrations/alembic.ini': 'keys = root,flask_migrate',
      'migrations/env.py': '',
      'migrations/versions/8a1c_products.py': '',
    },
    expected: {
      databases: { shop: { path: 'instance/shop.db' } },
      setup: [{ run: 'flask db upgrade', inputs: ['migrations/**/*.py', 'migrations/alembic.ini'] }],
    },
  },
  {
    name: 'Prisma',
    files: {
      ...manifest('prisma'),
      'prisma/schema.prisma': 'datasource db { provider = "sqlite"\n url = "file:./dev.db" }',
    },
    expected: {
      databases: { dev: { path: 'prisma/dev.db' } },
      setup: [{ run: 'npx --no-install prisma db push', inputs: ['prisma/schema.prisma'] }],
    },
  },
  {
    name: 'Laravel',
    files: {
      artisan: '',
      'composer.json': '{"require": {"laravel/framework": "^12.0"}}',
      'database/migrations/0001_01_01_000000_users.php': '',
    },
    expected: {
      databases: { database: { path: 'database/database.sqlite' } },
      env: { DB_CONNECTION: 'sqlite', DB_DATABASE: '{path}' },
      setup: [{ run: 'php artisan migrate --force', inputs: ['database/migrations/**/*.php'], incremental: true }],
    },
  },
  {
    name: 'Kysely',
    files: {
      'package.json': JSON.stringify({ dependencies: { kysely: '*' }, scripts: { 'db:migrate': 'node bin/up.js' } }),
      'bin/up.js': "import '../lib/db.js'",
      'lib/db.js': "new Database(process.env.SHOP_DATABASE ?? 'dev.sqlite3')",
      'lib/other.js': '',
      'migrations/1_products.js': '',
    },
    expected: {
      databases: DEV,
      setup: [
        {
          run: 'node bin/up.js',
          inputs: ['bin/**', 'lib/db.js', 'migrations/**'],
          variables: ['SHOP_DATABASE'],
          incremental: true,
        },
      ],
    },
  },
  {
    name: 'the scripts of package.json',
    files: {
      'package.json': JSON.stringify({ scripts: { seed: 'tsx seed.ts && echo', migrate: 'node up.js' } }),
      'up.js': "open('dev.sqlite3')",
    },
    expected: { databases: DEV, setup: [{ run: 'node up.js', inputs: ['up.js'] }, { run: 'npm run seed' }] },
  },
])('of $name there is a recipe', async ({ name, files, expected }) => {
  expect(await found(files)).toEqual({ framework: name, isPreset: false, ...expected })
})

test('what only the user can know is said', async () => {
  const flask = { 'migrations/alembic.ini': 'flask_migrate', 'shop/__init__.py': '' }
  const { setup, toFillIn } = await proposeIn(projectOf(flask, ['shop.db']))
  expect(setup[0]?.run).toBe('flask --app APP db upgrade')
  expect(toFillIn).toEqual([expect.stringContaining('APP')])
  const kysely = projectOf({ ...manifest('kysely'), 'src/migrations/1.ts': '' }, ['dev.sqlite3'])
  expect((await proposeIn(kysely)).toFillIn).toEqual([expect.stringContaining('no script "migrate"')])
})

test.each<{ name: string; files: Files }>([
  { name: 'Laravel', files: { artisan: '', 'composer.json': '"laravel/framework"', '.env': 'DB_CONNECTION=mysql' } },
  { name: 'Alembic', files: { 'alembic.ini': 'sqlalchemy.url = postgresql://localhost/shop', 'alembic/env.py': '' } },
  { name: 'Prisma', files: { ...manifest('prisma'), 'prisma/schema.prisma': 'provider = "postgresql"' } },
  { name: 'Kysely', files: { ...manifest('kysely-ctl'), 'kysely.config.ts': 'new PostgresDialect()' } },
  { name: 'nothing at all', files: {} },
])('$name, but not with SQLite: what was looked for is told in one line', async ({ files }) => {
  await expect(found(files)).rejects.toMatchObject({
    code: 'NO_SETUP',
    message: expect.stringMatching(/looked for Django, Rails, .*Alembic/),
  })
})

test('a database alone is not enough', async () => {
  await expect(found({}, ['shop.db'])).rejects.toMatchObject({ code: 'NO_SETUP' })
})

test('of several databases the one that the settings name is meant; else they are told', async () => {
  expect((await found(KNEX, ['dev.sqlite3', 'other.db'])).databases).toEqual(DEV)
  const silent = { ...KNEX, 'knexfile.js': "module.exports = { client: 'better-sqlite3' }" }
  await expect(found(silent, ['a.db', 'b.db'])).rejects.toMatchObject({ code: 'DATABASE_AMBIGUOUS' })
  const both = await proposeIn(projectOf(silent, ['a.db', 'b.db']), 'shop', ['a.db', 'b.db'])
  expect(both.databases).toEqual({ a: { path: 'a.db' }, b: { path: 'b.db' } })
})

test.each([
  { file: 'db/knexfile.js', says: "'./dev.sqlite3'", path: 'db/dev.sqlite3' },
  { file: 'knexfile.js', says: "path.join(__dirname, 'data', 'dev.sqlite3')", path: 'data/dev.sqlite3' },
  { file: 'knexfile.js', says: '`${__dirname}/data/dev.sqlite3`', path: 'data/dev.sqlite3' },
  { file: 'db/knexfile.js', says: "resolve(process.cwd(), 'data/dev.sqlite3')", path: 'db/data/dev.sqlite3' },
  { file: 'knexfile.js', says: "process.env.SHOP_DB ?? 'file:./data/dev.db'", path: 'data/dev.db' },
  { file: 'knexfile.js', says: "'/var/shop/dev.sqlite3'", path: '/var/shop/dev.sqlite3' },
  { file: 'knexfile.js', says: "'dev.sqlite3' }, production: { filename: 'production.sqlite3'", path: 'dev.sqlite3' },
])('$says in $file is $path', async ({ file, says, path }) => {
  const { 'knexfile.js': _own, ...files } = KNEX
  const knexfile = `module.exports = { client: 'better-sqlite3', connection: { filename: ${says} } }`
  const { databases } = await found({ ...files, [file]: knexfile })
  expect(Object.values(databases ?? {})).toEqual([{ path }])
})

test('no database anywhere, not even in the settings: --db is asked for', async () => {
  const silent = { ...KNEX, 'knexfile.js': "module.exports = { client: 'better-sqlite3' }" }
  await expect(found(silent)).rejects.toMatchObject({
    code: 'DATABASE_NOT_FOUND',
    hint: expect.stringContaining('--db'),
  })
})

test('of several frameworks the one that counts without a configuration is taken, and the others are named', async () => {
  const files = { ...KNEX, ...DRIZZLE, ...manifest('knex', 'drizzle-kit') }
  expect(await proposeIn(projectOf(files))).toMatchObject({ framework: 'Knex', others: ['Drizzle'] })
})

test('in a folder of a monorepo the package there is meant', async () => {
  const inPackages = Object.fromEntries(Object.entries(KNEX).map(([path, text]) => [join('packages/api', path), text]))
  const project = projectOf({ ...inPackages, '.git/HEAD': '' })
  expect(await proposeIn(project, 'shop/packages/api/migrations')).toMatchObject({
    root: project.at('shop/packages/api'),
    databases: DEV,
    setup: [{ run: 'npx --no-install knex migrate:latest' }],
  })
  expect(await proposeIn(project)).toMatchObject({
    root: project.at('shop'),
    databases: { dev: { path: 'packages/api/dev.sqlite3' } },
    setup: [{ run: 'cd packages/api && npx --no-install knex migrate:latest' }],
  })
})

test("where nothing else is found, the user's own steps are what there is", async () => {
  const setup = [{ run: 'make database' }]
  const project = projectOf({ 'devshm.config.json': JSON.stringify({ setup, env: { URL: '{path}' } }) }, ['shop.db'])
  expect(await proposeIn(project)).toMatchObject({ isPreset: false, setup, env: { URL: '{path}' } })
})

test('a Python outside of the project is written by its name, if that leads to it', async () => {
  const project = projectOf(DJANGO, ['db.sqlite3'])
  project.write('venvs/shop/bin/python', '')
  const VIRTUAL_ENV = project.at('venvs/shop')
  const run = async (PATH: string): Promise<string | undefined> =>
    (await proposeIn(project, 'shop', [], { VIRTUAL_ENV, PATH })).setup[0]?.run
  expect(await run(`${VIRTUAL_ENV}/bin:/usr/bin`)).toBe('python manage.py migrate --noinput')
  expect(await run('/usr/bin')).toBe(`${VIRTUAL_ENV}/bin/python manage.py migrate --noinput`)
})

test('in the root of the file system nothing is looked for', async () => {
  await expect(proposeIn(projectOf({}), '../../../../..')).rejects.toMatchObject({ code: 'NO_SETUP' })
})

test('a variable that may lead to the database is told, where builds are done in place', async () => {
  const files = { ...KNEX, 'knexfile.js': "'sqlite3', filename: process.env.SHOP_DATABASE ?? 'dev.sqlite3'" }
  expect((await proposeIn(projectOf(files))).maybeLeadBy).toEqual(['SHOP_DATABASE'])
})
