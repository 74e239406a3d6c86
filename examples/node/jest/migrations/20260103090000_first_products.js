exports.up = (knex) =>
  knex('products').insert([
    { name: 'Teapot', stock: 3 },
    { name: 'Cup', stock: 12 },
  ])

exports.down = (knex) => knex('products').delete()
