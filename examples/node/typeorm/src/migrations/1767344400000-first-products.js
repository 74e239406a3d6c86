class FirstProducts1767344400000 {
  async up(runner) {
    await runner.query("INSERT INTO products (name, price_cents) VALUES ('Green Tea', 450), ('Roast & Ground', 790)")
  }

  async down(runner) {
    await runner.query('DELETE FROM products')
  }
}

module.exports = { FirstProducts1767344400000 }
