exports.up = (knex) =>
  knex.schema.createTable('orders', (table) => {
    table.increments('id')
    table.integer('product_id').notNullable().references('products.id')
    table.integer('quantity').notNullable()
  })

exports.down = (knex) => knex.schema.dropTable('orders')
