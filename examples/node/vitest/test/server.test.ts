import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'devshm/vitest'
import { afterAll, beforeAll, expect } from 'vitest'
import { server } from '../src/server.ts'

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => void server.close())

// The server keeps its connection: its database is put back in place.
test.beforeEach(async ({ workerDb }) => {
  await workerDb.reset()
})

test('what is sold out is not offered', async ({ workerDb }) => {
  workerDb.connect().exec(`update product set stock = 0 where name = 'Cup'`)
  expect(await offered()).toEqual(['Teapot'])
})

test('everything is offered again after the test before', async () => {
  expect(await offered()).toEqual(['Teapot', 'Cup'])
})

async function offered(): Promise<string[]> {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/`)
  return ((await response.json()) as { name: string }[]).map(({ name }) => name)
}
