import { hold as holdDatabases } from '../../session/hold.ts'
import type { HolderOrders } from '../../session/holder-messages.ts'

/** The background process that `devshm attach` starts; not for people. */
export async function hold(orders: string): Promise<number> {
  return await holdDatabases(JSON.parse(orders) as HolderOrders)
}
