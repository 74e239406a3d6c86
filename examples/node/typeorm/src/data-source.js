const path = require('node:path')
const { DataSource } = require('typeorm')
const { Product } = require('./entities/product')

exports.dataSource = new DataSource({
  type: 'better-sqlite3',
  database: process.env.SHOP_DATABASE ?? 'dev.sqlite3',
  entities: [Product],
  migrations: [path.join(__dirname, 'migrations', '*.js')],
})
