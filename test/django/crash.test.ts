import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isLink } from '../support/playground.ts'
import { sendCustomers } from './support/customers.ts'
import { filledShop, soundness } from './support/shop.ts'

test('kill -9 of devshm and runserver in the middle of orders: the next detach brings back every answered one', async () => {
  const shop = await filledShop()
  const before = soundness(shop.database)
  const server = await shop.serveInRam()
  const customers = sendCustomers(server, 3)
  await customers.more(15)
  const over = customers.stop()
  await server.crash()
  await over
  expect(isLink(shop.database)).toBe(true)

  const { status, stderr } = await shop.devshm('detach')
  expect(stderr).toMatch(/was still in RAM, from .*Nothing is lost.*saved to db\.sqlite3/s)
  expect(status).toBe(0)
  expect(lstatSync(shop.database).isFile()).toBe(true)
  expect(soundness(shop.database)).toEqual(before)
  expect(customers.placed.length).toBeGreaterThanOrEqual(15)
  expect(customers.placed.filter((reference) => !shop.orders().has(reference))).toEqual([])
})

test('after a power cut, status and detach say from when the last save is, and that is what comes back', async () => {
  const shop = await filledShop()
  const before = soundness(shop.database)
  const server = await shop.serveInRam()
  const customers = sendCustomers(server)
  await customers.more(5)
  const saved = [...customers.placed]
  await shop.devshm('save')
  await customers.more(5)
  const over = customers.stop()
  await server.crash()
  await over
  for (const name of readdirSync(shop.volume)) rmSync(join(shop.volume, name), { recursive: true })

  const told = await shop.devshm('status')
  expect(told).toMatchObject({ status: 0, stderr: '' })
  expect(told.stdout).toMatch(/the RAM it was in is gone/)
  const [, time] = /saved +(\d\d:\d\d:\d\d)/.exec(told.stdout) ?? []
  const { status, stderr } = await shop.devshm('detach')
  expect(stderr).toMatch(/RAM of db\.sqlite3 is gone/)
  expect(stderr).toContain(`Restored the last save, from ${time} `)
  expect(status).toBe(0)
  expect(lstatSync(shop.database).isFile()).toBe(true)
  expect(soundness(shop.database)).toEqual(before)
  expect(saved.filter((reference) => !shop.orders().has(reference))).toEqual([])
  expect((await shop.manage('migrate')).stdout).toContain('No migrations to apply')
})
