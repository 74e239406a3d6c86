const path = require('node:path')

module.exports = {
  client: 'better-sqlite3',
  connection: { filename: process.env.SHOP_DATABASE ?? path.join(__dirname, 'dev.sqlite3') },
  useNullAsDefault: true,
  migrations: { directory: './migrations' },
  seeds: { directory: './seeds' },
}
