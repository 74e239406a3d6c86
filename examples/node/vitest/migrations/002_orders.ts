import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('order')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('product_id', 'integer', (column) => column.notNull().references('product.id'))
    .addColumn('quantity', 'integer', (column) => column.notNull())
    .execute()
}
