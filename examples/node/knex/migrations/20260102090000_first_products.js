exports.up = (knex) =>
  knex('products').insert([
    { name: 'Green Tea', price_cents: 450 },
    { name: 'Roast & Ground', price_cents: 790 },
  ])

exports.down = (knex) => knex('products').delete()
