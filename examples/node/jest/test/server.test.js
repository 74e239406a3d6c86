const { once } = require('node:events')
const { useTestDatabase } = require('devshm/jest')
const { server } = require('../src/server.js')

// The server read SHOP_DATABASE when it was required: it has the database of this file open.
const db = useTestDatabase({ per: 'file' })

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => void server.close())
beforeEach(() => db.reset())

test('a new product is offered', async () => {
  db.connect().exec(`insert into products (name, stock) values ('Sieve', 1)`)
  expect(await offered()).toEqual(['Teapot', 'Cup', 'Sieve'])
})

test('and is gone after the test', async () => {
  expect(await offered()).toEqual(['Teapot', 'Cup'])
})

async function offered() {
  const response = await fetch(`http://127.0.0.1:${server.address().port}/`)
  return (await response.json()).map(({ name }) => name)
}
