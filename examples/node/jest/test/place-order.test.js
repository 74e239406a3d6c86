const { useTestDatabase } = require('devshm/jest')
const createKnex = require('knex')
const configuration = require('../knexfile.js')
const { placeOrder } = require('../src/place-order.js')

// A database for each test.
const db = useTestDatabase()

let knex
beforeEach(() => {
  knex = createKnex({ ...configuration, connection: { filename: db.path } })
})
afterEach(() => knex.destroy())

test('an order takes goods from the stock', async () => {
  await placeOrder(knex, 'Teapot', 2)
  expect(await knex('products').where({ name: 'Teapot' })).toMatchObject([{ stock: 1 }])
  expect(await knex('orders')).toMatchObject([{ id: 1, quantity: 2 }])
})

test('the next order is the first one again', async () => {
  await placeOrder(knex, 'Cup', 1)
  expect(await knex('orders')).toMatchObject([{ id: 1, quantity: 1 }])
})
