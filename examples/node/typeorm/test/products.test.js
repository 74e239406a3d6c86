const assert = require('node:assert/strict')
const { describe, it } = require('node:test')
const { DataSource } = require('typeorm')
const { useTestDatabases } = require('devshm/node-test')
const { dataSource: settings } = require('../src/data-source')
const { Product } = require('../src/entities/product')

const databases = useTestDatabases({ databases: ['dev.sqlite3'] })

describe('products', { concurrency: true }, () => {
  it('are saved', async (t) => {
    const products = (await open(t)).getRepository(Product)
    await products.insert({ id: 3, name: 'Cup', priceCents: 1200 })
    assert.equal(await products.count(), 3)
    assert.equal((await products.findOneByOrFail({ id: 1 })).slug, 'green-tea')
  })

  it('are changed in a transaction', async (t) => {
    const database = await open(t)
    await database.transaction(async (manager) => {
      await manager.insert(Product, { id: 3, name: 'Pot', priceCents: 3000 })
      await manager.delete(Product, { id: 1 })
    })
    const names = (await database.getRepository(Product).find({ order: { id: 'ASC' } })).map(({ name }) => name)
    assert.deepEqual(names, ['Roast & Ground', 'Pot'])
  })
})

async function open(t) {
  const { path } = await databases.forTest(t)
  const database = await new DataSource({ ...settings.options, database: path }).initialize()
  t.after(() => database.destroy())
  return database
}
