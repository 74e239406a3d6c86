export async function up(db) {
  await db
    .insertInto('products')
    .values([
      { name: 'Green Tea', price_cents: 450 },
      { name: 'Roast & Ground', price_cents: 790 },
    ])
    .execute()
}
