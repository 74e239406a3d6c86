import { expect } from 'vitest'
import { placeOrder } from '../src/place-order.ts'
import { test } from './shop.ts'

test('an order takes goods from the stock', async ({ shop }) => {
  await placeOrder(shop, 'Teapot', 2)
  expect(await shop.selectFrom('product').select('stock').where('name', '=', 'Teapot').execute()).toEqual([
    { stock: 1 },
  ])
  expect(await shop.selectFrom('order').select(['id', 'quantity']).execute()).toEqual([{ id: 1, quantity: 2 }])
})

test('of what is not there, nothing is taken', async ({ shop }) => {
  await expect(placeOrder(shop, 'Teapot', 4)).rejects.toThrow(/CHECK constraint failed/)
  expect(await shop.selectFrom('order').selectAll().execute()).toEqual([])
})

// At once, and all of them write the order with the id 1.
test.concurrent.for([1, 2, 3])('%i Teapots are there for each of them', async (quantity, { shop, expect }) => {
  await placeOrder(shop, 'Teapot', quantity)
  expect(await shop.selectFrom('order').select(['id', 'quantity']).execute()).toEqual([{ id: 1, quantity }])
})
