exports.up = (knex) =>
  knex.schema.createTable('products', (table) => {
    table.increments('id')
    table.string('name').notNullable().unique()
    table.integer('stock').notNullable().checkPositive()
  })

exports.down = (knex) => knex.schema.dropTable('products')
