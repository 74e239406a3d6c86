import { test as base } from 'devshm/vitest'
import type { Kysely } from 'kysely'
import { openShop, type Shop } from '../src/database.ts'

/** `shop` is a connection to a database of the test's own. */
export const test = base.extend<{ shop: Kysely<Shop> }>({
  async shop({ db }, use) {
    const shop = openShop(db.path)
    await use(shop)
    await shop.destroy()
  },
})
