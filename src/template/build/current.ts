import type { Context } from '../../session/context.ts'
import { examine } from '../../session/examine.ts'

/** Where a database is at this moment: live while it is attached, else the origin. Looks only. */
export async function currentPathOf({ places, volume }: Context): Promise<string> {
  const { current, target } = await examine(places, volume)
  return current?.live ?? target ?? places.origin
}
