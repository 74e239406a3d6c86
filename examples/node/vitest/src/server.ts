import { createServer, type Server } from 'node:http'
import { openShop, pathFromEnvironment } from './database.ts'

const db = openShop(pathFromEnvironment())

/** `GET /`: the products in stock, as JSON. */
export const server: Server = createServer(async (_request, response) => {
  const products = await db.selectFrom('product').select(['name', 'stock']).where('stock', '>', 0).execute()
  response.setHeader('content-type', 'application/json').end(JSON.stringify(products))
})
server.on('close', () => void db.destroy())
