import { expect, test } from 'vitest'
import { findKnex } from './knex.ts'
import { projectOf } from './shared/project-for-tests.ts'

const manifest = JSON.stringify({ dependencies: { knex: '3' } })

async function migrationsFound(knexfile: string, files: readonly string[], path = 'knexfile.js'): Promise<string[]> {
  const others = Object.fromEntries(files.map((name) => [name, '']))
  const found = await findKnex(
    projectOf({ 'package.json': manifest, [path]: `'better-sqlite3'\n${knexfile}`, ...others }),
  )
  return (found?.inputs ?? []).filter(({ role }) => role === 'ordered').map(({ path }) => path)
}

test.each([
  ['a string', `migrations: { tableName: 'm', directory: './db/changes' }`],
  ['a name alone', `migrations: { directory: 'db' }`],
  ['joined parts', `migrations: { directory: path.join(__dirname, 'db', 'changes') }`],
  ['a template', 'migrations: {\n directory: `${__dirname}/db/changes`,\n }'],
  ['several', `migrations: { directory: ['./elsewhere', "db/changes"] }`],
  [
    'one for each environment',
    `development: { migrations: { directory: 'a' } }, test: { migrations: { directory: './db' } }`,
  ],
])('the folder of migrations is found where it is %s', async (_what, knexfile) => {
  expect(await migrationsFound(knexfile, ['db/changes/001_a.js', 'migrations/002_b.js'])).toEqual([
    'db/changes/001_a.js',
  ])
})

test('without a word on it, it lies beside the knexfile', async () => {
  expect(await migrationsFound('', ['migrations/001_a.js', 'other/migrations/002_b.js'])).toEqual([
    'migrations/001_a.js',
  ])
  expect(await migrationsFound('', ['db/migrations/001_a.js'], 'db/knexfile.ts')).toEqual(['db/migrations/001_a.js'])
})

test('a knexfile elsewhere is named to the tool', async () => {
  const found = await findKnex(projectOf({ 'package.json': manifest, 'db/knexfile.ts': 'sqlite', 'db/seeds/a.ts': '' }))
  expect(found?.steps.map(({ run }) => run)).toEqual([
    'npx --no-install knex migrate:latest --knexfile db/knexfile.ts',
    'npx --no-install knex seed:run --knexfile db/knexfile.ts',
  ])
})

test('what is no migration in the folder of migrations may not be added, and what is only said of one does not count', async () => {
  const files = {
    'migrations/001_a.js': '',
    'migrations/helper.js': '',
    'migrations/001_a.js.map': '',
    'migrations/README.md': '',
  }
  const found = await findKnex(projectOf({ 'package.json': manifest, 'knexfile.js': 'sqlite', ...files }))
  expect(found?.inputs.map(({ path, role }) => [path, role])).toEqual([
    ['knexfile.js', 'fixed'],
    ['migrations/001_a.js', 'ordered'],
    ['migrations/helper.js', 'fixed'],
  ])
})

test('knex on another database, or a knexfile without knex, is none of ours', async () => {
  const postgres = { 'package.json': manifest, 'knexfile.js': `client: 'pg'`, 'migrations/1.js': '' }
  expect(await findKnex(projectOf(postgres))).toBeUndefined()
  expect(await findKnex(projectOf({ 'package.json': '{}', 'knexfile.js': 'sqlite' }))).toBeUndefined()
  expect(await findKnex(projectOf({ 'package.json': '{', 'knexfile.js': 'sqlite' }))).toBeUndefined()
})

test('what is installed counts by the lock file, in a workspace by the one further up, else by what lies in node_modules', async () => {
  const project = { 'api/package.json': manifest, 'api/knexfile.js': 'sqlite' }
  const locked = await findKnex(projectOf({ ...project, 'pnpm-lock.yaml': 'x' }))
  expect(locked?.inputs).toContainEqual({ path: 'pnpm-lock.yaml', role: 'fixed' })
  const version = { 'api/node_modules/knex/package.json': '{ "name": "knex", "version": "3.1.4" }' }
  const unlocked = await findKnex(projectOf({ ...project, ...version }))
  expect(unlocked?.packages).toContain('knex 3.1.4')
})
