import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { useTestDatabases } from 'devshm/node-test'
import { openDatabase } from '../lib/database.js'

const databases = useTestDatabases()

describe('products', { concurrency: true }, () => {
  it('are listed', async (t) => {
    const database = await open(t)
    await database.insertInto('products').values({ id: 3, name: 'Cup', price_cents: 1200 }).execute()
    assert.deepEqual(await names(database), ['Green Tea', 'Roast & Ground', 'Cup'])
  })

  it('are changed in a transaction', async (t) => {
    const database = await open(t)
    await database.transaction().execute(async (transaction) => {
      await transaction.insertInto('products').values({ id: 3, name: 'Pot', price_cents: 3000 }).execute()
      await transaction.deleteFrom('products').where('id', '=', 1).execute()
    })
    assert.deepEqual(await names(database), ['Roast & Ground', 'Pot'])
  })
})

async function names(database) {
  return (await database.selectFrom('products').select('name').orderBy('id').execute()).map(({ name }) => name)
}

async function open(t) {
  const { path } = await databases.forTest(t)
  const database = openDatabase(path)
  t.after(() => database.destroy())
  return database
}
