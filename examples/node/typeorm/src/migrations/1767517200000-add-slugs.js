const { slugOf } = require('../lib/slug')

class AddSlugs1767517200000 {
  async up(runner) {
    await runner.query('ALTER TABLE products ADD slug varchar')
    for (const { id, name } of await runner.query('SELECT id, name FROM products')) {
      await runner.query('UPDATE products SET slug = ? WHERE id = ?', [slugOf(name), id])
    }
  }

  async down(runner) {
    await runner.query('ALTER TABLE products DROP COLUMN slug')
  }
}

module.exports = { AddSlugs1767517200000 }
