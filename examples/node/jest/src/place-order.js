/** Takes the goods from the stock, or throws and changes nothing. */
async function placeOrder(knex, name, quantity) {
  await knex.transaction(async (transaction) => {
    const [product] = await transaction('products').where({ name }).decrement('stock', quantity).returning('id')
    await transaction('orders').insert({ product_id: product.id, quantity })
  })
}

module.exports = { placeOrder }
