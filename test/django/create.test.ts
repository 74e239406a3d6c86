import { lstatSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runSql } from '../support/playground.ts'
import { emptyShop, filledShop, soundness } from './support/shop.ts'

test('migrate in a project without a database creates it in RAM, and brings it to disk', async () => {
  const shop = await emptyShop()
  const { status, stderr } = await shop.devshm('run', '--', ...shop.manageCommand('migrate'))
  expect(stderr).toMatch(/is in RAM.*saved to db\.sqlite3/s)
  expect(status).toBe(0)
  expect(lstatSync(shop.database).isFile()).toBe(true)
  expect((await shop.manage('migrate')).stdout).toContain('No migrations to apply')
})

test('loaddata in RAM leaves on disk what it leaves without devshm', async () => {
  const shop = await emptyShop()
  for (const args of [['migrate'], ['loaddata', 'demo']]) {
    const { status, stderr } = await shop.devshm('run', '--', ...shop.manageCommand(...args))
    expect(status, stderr).toBe(0)
  }
  const twin = await filledShop()
  for (const table of [
    'catalog_product',
    'catalog_category',
    'orders_shippingmethod',
    'orders_order',
    'orders_orderline',
  ]) {
    const rows = `select * from ${table} order by id`
    expect(runSql(shop.database, rows), table).toEqual(runSql(twin.database, rows))
  }
  expect(soundness(shop.database)).toEqual(soundness(twin.database))
})

test('a migrate that fails keeps its status, and what it did before is on disk as without devshm', async () => {
  const shop = await filledShop()
  const { status, stderr } = await shop.devshm('run', '--', ...shop.manageCommand('migrate', 'orders', '9999'))
  expect(status).toBe(1)
  expect(stderr).toMatch(/Cannot find a migration.*db\.sqlite3 is unchanged/s)
  expect(lstatSync(shop.database).isFile()).toBe(true)
})
