import { appendFileSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, isLink } from '../support/playground.ts'
import { filledShop } from './support/shop.ts'

test('the code is reloaded while the database is in RAM, and the new code goes on with the same data', async () => {
  const shop = await filledShop()
  const before = shop.orders().size
  const server = await shop.serveInRam({ reload: true })
  const order = { email: 'ada@example.com', sku: 'TEA-0007', quantity: '1' }
  const { reference } = (await server.post('/api/orders/', order)).json() as { reference: string }
  const views = join(shop.folder, 'catalog/views.py')
  appendFileSync(views, "\n\ndef api_products(request):\n    return JsonResponse({'products': 'as of now'})\n")
  await eventually('the new code answers', async () => {
    try {
      return (await server.get('/api/products/')).text.includes('as of now')
    } catch {
      return false
    }
  })
  expect(isLink(shop.database)).toBe(true)
  expect((await server.get('/api/orders/')).text).toContain(reference)
  expect((await server.post('/api/orders/', order)).status).toBe(201)
  await server.stop()
  expect(lstatSync(shop.database).isFile()).toBe(true)
  expect(shop.orders().size).toBe(before + 2)
})
