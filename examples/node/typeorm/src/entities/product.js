const { EntitySchema } = require('typeorm')

exports.Product = new EntitySchema({
  name: 'Product',
  tableName: 'products',
  columns: {
    id: { type: 'integer', primary: true, generated: true },
    name: { type: 'varchar' },
    priceCents: { type: 'integer', name: 'price_cents' },
    slug: { type: 'varchar', nullable: true },
  },
})
