class CreateProducts1767258000000 {
  async up(runner) {
    await runner.query(
      'CREATE TABLE products (id integer PRIMARY KEY AUTOINCREMENT, name varchar NOT NULL, price_cents integer NOT NULL)',
    )
  }

  async down(runner) {
    await runner.query('DROP TABLE products')
  }
}

module.exports = { CreateProducts1767258000000 }
