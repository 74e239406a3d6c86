import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectOf, proposeIn, found, manifest, DEV, DJANGO, KNEX, DRIZZLE, type Files } from './propose.fixture.ts'

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
