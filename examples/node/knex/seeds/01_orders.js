const quantities = require('../lib/quantities.json')

exports.seed = async (knex) => {
  await knex('orders').delete()
  await knex('orders').insert(quantities.map((quantity) => ({ product_id: 1, quantity })))
}
