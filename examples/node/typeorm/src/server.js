const { createServer } = require('node:http')
const { dataSource } = require('./data-source')
const { Product } = require('./entities/product')

dataSource.initialize().then(() => {
  createServer(async (_request, response) => {
    response.end(JSON.stringify(await dataSource.getRepository(Product).find()))
  }).listen(process.env.PORT ?? 3000)
})
