module.exports = {
  client: 'better-sqlite3',
  connection: { filename: process.env.SHOP_DATABASE ?? 'shop.sqlite3' },
  useNullAsDefault: true,
}
