const assert = require('node:assert/strict')
const { describe, it, beforeEach } = require('node:test')
const connect = require('knex')
const { useTestDatabases } = require('devshm/node-test')
const settings = require('../knexfile')
const products = require('../routes/products')

const databases = useTestDatabases({ databases: ['dev.sqlite3'] })

describe('products', { concurrency: true }, () => {
  it('are listed', async (t) => {
    const knex = await open(t)
    await knex('products').insert({ id: 3, name: 'Cup', price_cents: 1200, slug: 'cup' })
    assert.deepEqual((await list(knex)).map(({ name }) => name), ['Green Tea', 'Roast & Ground', 'Cup'])
  })

  it('are changed in a transaction', async (t) => {
    const knex = await open(t)
    await knex.transaction(async (transaction) => {
      await transaction('products').insert({ id: 3, name: 'Pot', price_cents: 3000, slug: 'pot' })
      await transaction('products').where({ id: 2 }).delete()
    })
    assert.deepEqual((await list(knex)).map(({ name }) => name), ['Green Tea', 'Pot'])
  })
})

describe('orders', () => {
  let knex

  beforeEach(async (t) => {
    knex = await open(t)
  })

  it('come from the seeds', async () => {
    assert.notDeepEqual(await knex('orders').where({ product_id: 1 }), [])
  })

  it('can be empty', async () => {
    await knex('orders').delete()
    assert.deepEqual(await knex('orders'), [])
  })
})

async function open(t) {
  const { path } = await databases.forTest(t)
  const knex = connect({ ...settings, connection: { filename: path } })
  t.after(() => knex.destroy())
  return knex
}

async function list(knex) {
  let body = ''
  await products(knex, {}, { setHeader() {}, end: (text) => (body = text) })
  return JSON.parse(body)
}
