import { lookAt } from '../fs/look.ts'
import type { Context } from './context.ts'
import { examine } from './examine.ts'
import { requireReadableHome } from './store.ts'

/** Whether devshm has anything to do with a database: it is in RAM, was, or left something there. Changes nothing. */
export async function isInvolved({ places, volume }: Context): Promise<boolean> {
  requireReadableHome(places)
  if (lookAt(places.store) !== undefined) return true
  const { route, lending, strays, debris } = await examine(places, volume)
  return route !== undefined || lending !== undefined || strays.length > 0 || debris.length > 0
}
