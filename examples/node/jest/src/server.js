const { createServer } = require('node:http')
const createKnex = require('knex')
const configuration = require('../knexfile.js')

const knex = createKnex(configuration)

/** `GET /`: the products, as JSON. */
const server = createServer(async (_request, response) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(await knex('products')))
})
server.on('close', () => void knex.destroy())

module.exports = { server }
