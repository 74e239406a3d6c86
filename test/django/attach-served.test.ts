import { lstatSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isLink } from '../support/playground.ts'
import { sendCustomers } from './support/customers.ts'
import { filledShop, soundness } from './support/shop.ts'

test('attach under a server that takes orders: refused with its name or done, and no order is lost', async () => {
  const shop = await filledShop()
  const before = soundness(shop.database)
  const server = await shop.startServer()
  const customers = sendCustomers(server, 3)
  for (let tries = 0; tries < 6; tries += 1) {
    await customers.more(3)
    const { status, stderr } = await shop.devshm('attach')
    expect(status === 0 || /(is|was) open(ed)? (in|by) .*runserver.* \(pid \d+\)/.test(stderr), stderr).toBe(true)
    expect(isLink(shop.database)).toBe(status === 0)
    if (status === 0) await shop.devshm('detach')
  }
  await customers.stop()
  expect(customers.wrong).toEqual([])
  await server.stop()
  expect((await shop.devshm('detach')).status).toBe(0)
  expect(lstatSync(shop.database).isFile()).toBe(true)
  expect(soundness(shop.database)).toEqual(before)
  expect(customers.placed.filter((reference) => !shop.orders().has(reference))).toEqual([])
})

test('the idle connection of the reloader is found, and the message names runserver', async ({ skip }) => {
  const shop = await filledShop()
  skip(!shop.djangoVersion.startsWith('3.'), `Django ${shop.djangoVersion} closes it after its check of the migrations`)
  const server = await shop.startServer({ reload: true })
  const { status, stderr } = await shop.devshm('attach')
  expect(stderr).toMatch(/db\.sqlite3 is open in .*manage\.py runserver.* \(pid \d+\)\n {2}stop that first/)
  expect(status).toBe(1)
  expect(isLink(shop.database)).toBe(false)
  expect((await server.get('/api/products/')).status).toBe(200)
})

test('detach under a server that takes orders: done or refused with its name, every answer right or a clean refusal', async () => {
  const shop = await filledShop()
  const before = soundness(shop.database)
  expect((await shop.devshm('attach')).status).toBe(0)
  const server = await shop.startServer()
  const customers = sendCustomers(server, 3)
  for (let tries = 0; tries < 4; tries += 1) {
    await customers.more(3)
    const { status, stderr } = await shop.devshm('detach')
    expect(status === 0 || /is still open in .*runserver.* \(pid \d+\)/.test(stderr), stderr).toBe(true)
    expect(isLink(shop.database)).toBe(status !== 0)
    if (status === 0) await shop.devshm('attach')
  }
  await customers.more(3)
  await customers.stop()
  expect(customers.wrong).toEqual([])
  await server.stop()
  const { status, stderr } = await shop.devshm('detach')
  expect(status, stderr).toBe(0)
  expect(lstatSync(shop.database).isFile()).toBe(true)
  expect(soundness(shop.database)).toEqual(before)
  expect(customers.placed.filter((reference) => !shop.orders().has(reference))).toEqual([])
})
