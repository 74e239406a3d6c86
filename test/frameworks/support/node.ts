import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Generated } from './generated.ts'

const DATABASE = "process.env.SHOP_DATABASE ?? 'dev.sqlite3'"

/** `knex init`, `knex migrate:make` and `knex seed:make`. */
export async function makeKnex(project: Generated): Promise<void> {
  project.usePackages({ dependencies: ['knex', 'better-sqlite3'] })
  await project.must('node_modules/.bin/knex init && node_modules/.bin/knex migrate:make products')
  project.edit('knexfile.js', "client: 'sqlite3'", "client: 'better-sqlite3'")
  project.edit('knexfile.js', "'./dev.sqlite3'", DATABASE)
  project.edit(
    only(project, 'migrations'),
    'exports.up = function(knex) {',
    `exports.up = function(knex) {
  return knex.schema.createTable('product', (table) => { table.increments(); table.string('name') })`,
  )
  await project.must('node_modules/.bin/knex seed:make products')
  project.edit('seeds/products.js', 'function(knex) {', "$& return knex('product').insert({ name: 'Green Tea' })")
  addApp(project)
}

/** `sequelize-cli init`, `model:generate` and `seed:generate`. */
export async function makeSequelize(project: Generated): Promise<void> {
  project.usePackages({ dependencies: ['sequelize', 'sequelize-cli', 'sqlite3'] })
  const cli = 'node_modules/.bin/sequelize-cli'
  await project.must(`${cli} init && ${cli} model:generate --name product --attributes name:string`)
  await project.must(`${cli} seed:generate --name products`)
  const settings = { dialect: 'sqlite', storage: 'dev.sqlite3' }
  project.write('config/config.json', JSON.stringify({ development: settings, test: settings }))
  const seed = only(project, 'seeders')
  const row = "{ name: 'Green Tea', createdAt: new Date(0), updatedAt: new Date(0) }"
  project.edit(
    seed,
    /async up \(queryInterface, Sequelize\) \{/,
    `$& await queryInterface.bulkInsert('products', [${row}])`,
  )
  addApp(project, 'products')
}

/** `typeorm migration:create`, for a data source in JavaScript. */
export async function makeTypeorm(project: Generated): Promise<void> {
  project.usePackages({ dependencies: ['typeorm', 'better-sqlite3'] })
  await project.must('node_modules/.bin/typeorm migration:create --outputJs src/migrations/products')
  project.edit(
    only(project, 'src/migrations'),
    'async up(queryRunner) {',
    "$& await queryRunner.query('create table product (id integer primary key, name text)')",
  )
  project.write(
    'src/data-source.js',
    `const { DataSource } = require('typeorm')

module.exports = new DataSource({
  type: 'better-sqlite3',
  database: ${DATABASE},
  migrations: ['src/migrations/*.js'],
})
`,
  )
  addApp(project)
}

/** `drizzle-kit generate`, of a schema in TypeScript. */
export async function makeDrizzle(project: Generated): Promise<void> {
  project.usePackages({ dependencies: ['drizzle-kit', 'drizzle-orm', 'better-sqlite3'] })
  project.write(
    'drizzle.config.ts',
    `import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './schema.ts',
  dbCredentials: { url: ${DATABASE} },
})
`,
  )
  project.write(
    'schema.ts',
    `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const product = sqliteTable('product', { id: integer().primaryKey(), name: text() })
`,
  )
  await project.must('node_modules/.bin/drizzle-kit generate --name products')
  addApp(project)
}

/** `kysely init` and `kysely migrate:make`, of kysely-ctl. */
export async function makeKysely(project: Generated): Promise<void> {
  project.usePackages({ dependencies: ['kysely', 'kysely-ctl', 'better-sqlite3'], type: 'module' })
  await project.must('kysely=node_modules/.bin/kysely; $kysely init && $kysely migrate:make products')
  project.write(
    '.config/kysely.config.ts',
    `import Database from 'better-sqlite3'
import { SqliteDialect } from 'kysely'
import { defineConfig } from 'kysely-ctl'

export default defineConfig({
  dialect: new SqliteDialect({ database: new Database(${DATABASE}) }),
})
`,
  )
  project.edit(
    only(project, 'migrations'),
    'Promise<void> {',
    "$& await db.schema.createTable('product').addColumn('id', 'integer', (id) => id.primaryKey()).execute()",
  )
  addApp(project)
}

/** A server and a test of its database, by Node's own SQLite. */
function addApp(project: Generated, table = 'product'): void {
  const isModule = project.read('package.json').includes('"type":"module"')
  const open = `new DatabaseSync(${DATABASE})`
  const use = (name: string, from: string): string =>
    isModule ? `import { ${name} } from '${from}'` : `const { ${name} } = require('${from}')`
  project.write(
    'server.js',
    `${use('createServer', 'node:http')}
${use('DatabaseSync', 'node:sqlite')}

const database = ${open}
const server = createServer((_request, response) => response.end(JSON.stringify(products())))
server.listen(process.env.PORT ?? 3000, () => console.log('listening on', server.address().port))

function products() {
  return database.prepare('select * from ${table}').all()
}
`,
  )
  project.write(
    'test/products.test.js',
    `${use('test', 'node:test')}
${use('DatabaseSync', 'node:sqlite')}

test('products can be counted', () => {
  ${open}.prepare('select count(*) from ${table}').get()
})
`,
  )
}

function only(project: Generated, folder: string): string {
  const [name, ...more] = readdirSync(join(project.folder, folder))
  if (name === undefined || more.length > 0) throw new Error(`${folder} has not just one file`)
  return `${folder}/${name}`
}
