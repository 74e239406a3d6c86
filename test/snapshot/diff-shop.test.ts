import { expect, test } from 'vitest'
import { filledShop } from '../django/support/shop.ts'
import { runSql } from '../support/playground.ts'

test('what did that click just write? devshm diff --rows names the new order, its lines and the stock', async () => {
  const shop = await filledShop()
  expect((await shop.devshm('attach')).status).toBe(0)
  const server = await shop.startServer()
  expect((await shop.devshm('diff')).stdout).toMatch(/ → now \(.*\)\n {2}no difference in \d+ tables\n$/)

  const [product] = runSql(shop.database, 'select id, sku, stock from catalog_product where active and stock > 3')
  const answer = await server.post('/api/orders/', {
    email: 'ann@example.com',
    sku: String(product?.['sku']),
    quantity: '2',
  })
  expect(answer.status).toBe(201)
  const { reference } = answer.json() as { reference: string }
  const orders = runSql(shop.database, 'select id from orders_order order by id desc')
  const stock = Number(product?.['stock'])

  const { status, stdout, stderr } = await shop.devshm('diff', '--rows')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain(`  ~ catalog_product ${Number(product?.['id'])}: stock ${stock} → ${stock - 2}\n`)
  expect(stdout).toMatch(
    new RegExp(`^ {2}\\+ orders_order ${Number(orders[0]?.['id'])}: .*${reference.replaceAll('-', '')}`, 'm'),
  )
  expect(stdout).toMatch(/^ {2}\+ orders_orderline \d+: .*quantity 2/m)
  expect(stdout).toContain("name 'ann', email 'ann@example.com'")
  expect(stdout).toMatch(/\n {2}3 rows added, 1 changed in 4 tables\n$/)

  await server.stop()
  expect((await shop.devshm('detach')).status).toBe(0)
  const { databases } = JSON.parse((await shop.devshm('diff', '@attach', '--json')).stdout) as {
    databases: { diff: { tables: { name: string; added: number; changed: number }[] } }[]
  }
  expect(databases[0]?.diff.tables.map(({ name, added, changed }) => [name, added, changed])).toEqual([
    ['catalog_product', 0, 1],
    ['orders_customer', 1, 0],
    ['orders_order', 1, 0],
    ['orders_orderline', 1, 0],
  ])
})
