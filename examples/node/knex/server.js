const { createServer } = require('node:http')
const settings = require('./knexfile')
const products = require('./routes/products')

const database = require('knex')(settings)

createServer((request, response) => products(database, request, response)).listen(process.env.PORT ?? 3000)
