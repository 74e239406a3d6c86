import type { Kysely } from 'kysely'
import type { Shop } from '../src/database.ts'

export async function up(db: Kysely<Shop>): Promise<void> {
  await db
    .insertInto('product')
    .values([
      { name: 'Teapot', stock: 3 },
      { name: 'Cup', stock: 12 },
    ])
    .execute()
}
