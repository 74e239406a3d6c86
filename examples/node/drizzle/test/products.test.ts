import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import Database from 'better-sqlite3'
import { useTestDatabases } from 'devshm/node-test'
import { eq } from 'drizzle-orm'
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { products } from '../src/schema.ts'

const databases = useTestDatabases({ databases: ['dev.sqlite3'] })

describe('products', { concurrency: true }, () => {
  it('are listed', async (t) => {
    const database = await open(t)
    await database.insert(products).values({ id: 3, name: 'Cup', priceCents: 1200 })
    assert.deepEqual(names(database), ['Green Tea', 'Roast & Ground', 'Cup'])
  })

  it('are changed in a transaction', async (t) => {
    const database = await open(t)
    database.transaction((transaction) => {
      transaction.insert(products).values({ id: 3, name: 'Pot', priceCents: 3000 }).run()
      transaction.delete(products).where(eq(products.id, 1)).run()
    })
    assert.deepEqual(names(database), ['Roast & Ground', 'Pot'])
  })
})

function names(database: BetterSQLite3Database): string[] {
  return database
    .select()
    .from(products)
    .all()
    .map(({ name }) => name)
}

async function open(t: TestContext): Promise<BetterSQLite3Database> {
  const { path } = await databases.forTest(t)
  const connection = new Database(path)
  t.after(() => connection.close())
  return drizzle(connection)
}
