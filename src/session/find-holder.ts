import type { Context } from './context.ts'
import { examine } from './examine.ts'
import { readLeases, type Lease } from './leases.ts'

/** The holder that keeps a database in RAM at this moment. Changes nothing. */
export async function findHolder({ places, volume }: Context): Promise<Lease | undefined> {
  const { current } = await examine(places, volume)
  if (current === undefined || current.origin !== places.origin) return undefined
  return (await readLeases(current)).alive.find(({ kind }) => kind === 'holder')
}
