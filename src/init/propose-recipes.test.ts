import { expect, test } from 'vitest'
import type { Proposal } from './proposal.ts'
import { found, manifest, DEV, type Files } from './propose.fixture.ts'

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
