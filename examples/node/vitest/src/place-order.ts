import type { Kysely } from 'kysely'
import type { Shop } from './database.ts'

/** Takes the goods from the stock, or throws and changes nothing. */
export async function placeOrder(db: Kysely<Shop>, name: string, quantity: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { id } = await transaction
      .updateTable('product')
      .set((product) => ({ stock: product('stock', '-', quantity) }))
      .where('name', '=', name)
      .returning('id')
      .executeTakeFirstOrThrow()
    await transaction.insertInto('order').values({ product_id: id, quantity }).execute()
  })
}
