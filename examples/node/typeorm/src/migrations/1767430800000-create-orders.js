class CreateOrders1767430800000 {
  async up(runner) {
    await runner.query(
      'CREATE TABLE orders (id integer PRIMARY KEY AUTOINCREMENT, product_id integer NOT NULL REFERENCES products (id), quantity integer NOT NULL DEFAULT 1)',
    )
  }

  async down(runner) {
    await runner.query('DROP TABLE orders')
  }
}

module.exports = { CreateOrders1767430800000 }
