import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isLink } from '../support/playground.ts'
import { sendCustomers } from './support/customers.ts'
import { filledShop, soundness } from './support/shop.ts'

test.for([
  ['without', false],
  ['with', true],
] as const)(
  'runserver %s the reloader takes orders while saves and status run, and every order is kept',
  async ([, reload]) => {
    const shop = await filledShop()
    const before = soundness(shop.database)
    const server = await shop.serveInRam({ reload })
    expect(isLink(shop.database)).toBe(true)
    const customers = sendCustomers(server)
    const lastSave = join(shop.folder, '.devshm/db.sqlite3/last-save.sqlite3')
    for (let round = 0; round < 3; round += 1) {
      await customers.more(2)
      const answered = [...customers.placed]
      const save = await shop.devshm('save')
      expect(save).toMatchObject({ status: 0, stderr: expect.stringMatching(/^devshm: saved db\.sqlite3/) as string })
      expect(soundness(lastSave)).toEqual(before)
      expect(answered.filter((reference) => !shop.orders(lastSave).has(reference))).toEqual([])
      const { databases } = JSON.parse((await shop.devshm('status', '--json')).stdout) as { databases: object[] }
      expect(databases).toEqual([
        expect.objectContaining({ state: 'in-ram', heldBy: [expect.objectContaining({ kind: 'run' })] }),
      ])
    }
    await customers.stop()
    expect(customers.wrong).toEqual([])
    expect(customers.refused).toEqual([])

    expect(await server.stop('SIGINT')).toEqual({ code: 0, signal: null })
    expect(server.process.stderr).toMatch(/saved to db\.sqlite3/)
    expect(lstatSync(shop.database).isFile()).toBe(true)
    expect(soundness(shop.database)).toEqual(before)
    expect(customers.placed.filter((reference) => !shop.orders().has(reference))).toEqual([])
  },
)

test('a second terminal sees the data of the server, and the server sees what is done there', async () => {
  const shop = await filledShop()
  const server = await shop.serveInRam()
  const order = { email: 'ada@example.com', sku: 'TEA-0007', quantity: '1' }
  const { reference } = (await server.post('/api/orders/', order)).json() as { reference: string }
  const list = 'from orders.models import Order; print(*[o.reference for o in Order.objects.all()])'
  expect((await shop.manage('shell', '-c', list)).stdout).toContain(reference)

  const place =
    "from orders.services import place_order; print(place_order('bo@example.com', {'TEA-0014': 1}).reference)"
  const other = (await shop.manage('shell', '-c', place)).stdout.trim()
  expect((await server.get('/api/orders/')).text).toContain(other)

  // A migration taken back and made again under the running server.
  await shop.manage('migrate', 'orders', '0005')
  await shop.manage('migrate')
  expect((await server.post('/api/orders/', order)).status).toBe(201)
  await server.stop('SIGTERM')
  expect(lstatSync(shop.database).isFile()).toBe(true)
  expect([...shop.orders()]).toEqual(expect.arrayContaining([reference, other].map((one) => one.replaceAll('-', ''))))
})
