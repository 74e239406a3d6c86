/** One of the projects in `examples/`, and what the tests do to it. Paths are relative to its folder. */
export interface Example {
  readonly name: string
  /** In `examples/`. */
  readonly folder: string
  readonly database: string
  readonly steps: readonly string[]
  /** Files that come with a new migration, the one that counts first. */
  readonly newMigration: Readonly<Record<string, string>>
  /** What the tool that makes a migration edits. */
  readonly alongWith?: Readonly<Record<string, { readonly from: string; readonly to: string }>>
  /** A migration that would come before some that are there. */
  readonly inserted: Readonly<Record<string, string>>
  readonly migration: { readonly path: string; readonly from: string; readonly to: string }
  /** What the last migration imports, and what that imports. */
  readonly helpers: readonly string[]
  /** Files that the database does not depend on. */
  readonly unrelated: readonly string[]
  /** Files that only the seeds depend on. */
  readonly seeds: readonly string[]
  /** Whose content says what is installed. */
  readonly lockFile: string
  readonly config: string
}

const javascript = { lockFile: 'package-lock.json', database: 'dev.sqlite3' }

export const knex: Example = {
  ...javascript,
  name: 'knex',
  folder: 'node/knex',
  steps: ['node_modules/.bin/knex migrate:latest', 'node_modules/.bin/knex seed:run'],
  newMigration: { 'migrations/20260201090000_add_stock.js': addColumn('stock') },
  inserted: { 'migrations/20260103100000_add_note.js': addColumn('note') },
  migration: { path: 'migrations/20260102090000_first_products.js', from: '450', to: '480' },
  helpers: ['lib/slug.js', 'lib/text.js'],
  unrelated: ['server.js', 'routes/products.js', 'README.md', 'dev.log'],
  seeds: ['seeds/01_orders.js', 'lib/quantities.json'],
  config: 'knexfile.js',
}

export const sequelize: Example = {
  ...javascript,
  name: 'sequelize',
  folder: 'node/sequelize',
  steps: ['node_modules/.bin/sequelize-cli db:migrate', 'node_modules/.bin/sequelize-cli db:seed:all'],
  newMigration: { 'migrations/20260201090000-add-stock.js': addSequelizeColumn('stock') },
  inserted: { 'migrations/20260103100000-add-note.js': addSequelizeColumn('note') },
  migration: { path: 'migrations/20260102090000-first-products.js', from: '450', to: '480' },
  helpers: ['lib/slug.js', 'lib/text.js'],
  unrelated: ['models/product.js', 'models/index.js', 'README.md'],
  seeds: ['seeders/20260105090000-orders.js'],
  config: 'config/config.json',
}

export const typeorm: Example = {
  ...javascript,
  name: 'typeorm',
  folder: 'node/typeorm',
  steps: ['node_modules/.bin/typeorm migration:run -d src/data-source.js'],
  newMigration: { 'src/migrations/1769900400000-add-stock.js': addTypeormColumn('AddStock1769900400000', 'stock') },
  inserted: { 'src/migrations/1767434400000-add-note.js': addTypeormColumn('AddNote1767434400000', 'note') },
  migration: { path: 'src/migrations/1767344400000-first-products.js', from: '450', to: '480' },
  helpers: ['src/lib/slug.js', 'src/lib/text.js'],
  unrelated: ['src/server.js', 'README.md'],
  seeds: [],
  config: 'src/data-source.js',
}

export const drizzle: Example = {
  ...javascript,
  name: 'drizzle',
  folder: 'node/drizzle',
  steps: ['node_modules/.bin/drizzle-kit migrate'],
  newMigration: { 'drizzle/0004_stock.sql': 'ALTER TABLE `products` ADD `stock` integer;' },
  alongWith: {
    'drizzle/meta/_journal.json': {
      from: '    }\n  ]',
      to: '    },\n{ "idx": 4, "version": "6", "when": 1795491800000, "tag": "0004_stock", "breakpoints": true }]',
    },
  },
  inserted: { 'drizzle/0001_a_note.sql': 'ALTER TABLE `products` ADD `note` text;' },
  migration: { path: 'drizzle/0001_first_products.sql', from: '450', to: '480' },
  helpers: [],
  unrelated: ['src/schema.ts', 'src/index.ts', 'README.md', 'drizzle/meta/0003_snapshot.json'],
  seeds: [],
  config: 'drizzle.config.ts',
}

export const rails: Example = {
  name: 'rails',
  folder: 'rails',
  database: 'db/development.sqlite3',
  steps: ['bin/rails db:migrate', 'bin/rails db:seed'],
  newMigration: { 'db/migrate/20260201090000_add_stock.rb': addRailsColumn('AddStock', 'stock') },
  inserted: { 'db/migrate/20260103100000_add_note.rb': addRailsColumn('AddNote', 'note') },
  migration: { path: 'db/migrate/20260102090000_first_products.rb', from: '450', to: '480' },
  helpers: ['lib/shop/slug.rb'],
  unrelated: ['app/controllers/products_controller.rb', 'config/routes.rb', 'db/schema.rb', 'README.md'],
  seeds: ['db/seeds.rb', 'app/models/product.rb', 'app/models/order.rb'],
  lockFile: 'Gemfile.lock',
  config: 'config/environments/development.rb',
}

export const EXAMPLES: readonly Example[] = [knex, sequelize, typeorm, drizzle, rails]

function addColumn(name: string): string {
  return `exports.up = (knex) => knex.schema.alterTable('products', (table) => table.integer('${name}'))
exports.down = (knex) => knex.schema.alterTable('products', (table) => table.dropColumn('${name}'))
`
}

function addSequelizeColumn(name: string): string {
  return `module.exports = {
  up: (queryInterface, Sequelize) => queryInterface.addColumn('Products', '${name}', { type: Sequelize.INTEGER }),
  down: (queryInterface) => queryInterface.removeColumn('Products', '${name}'),
}
`
}

function addTypeormColumn(className: string, name: string): string {
  return `class ${className} {
  async up(runner) {
    await runner.query('ALTER TABLE products ADD ${name} integer')
  }
}
module.exports = { ${className} }
`
}

function addRailsColumn(className: string, name: string): string {
  return `class ${className} < ActiveRecord::Migration[6.1]
  def change
    add_column :products, :${name}, :integer
  end
end
`
}
