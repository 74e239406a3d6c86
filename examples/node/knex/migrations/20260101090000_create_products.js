exports.up = (knex) =>
  knex.schema.createTable('products', (table) => {
    table.increments('id')
    table.string('name').notNullable()
    table.integer('price_cents').notNullable()
  })

exports.down = (knex) => knex.schema.dropTable('products')
