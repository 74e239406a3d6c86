const { slugOf } = require('../lib/slug')

exports.up = async (knex) => {
  await knex.schema.alterTable('products', (table) => {
    table.string('slug')
  })
  for (const { id, name } of await knex('products')) await knex('products').where({ id }).update({ slug: slugOf(name) })
}

exports.down = (knex) => knex.schema.alterTable('products', (table) => table.dropColumn('slug'))
