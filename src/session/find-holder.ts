import { lookAt } from '../fs/look.ts'
import type { Context } from './context.ts'
import type { SessionEvent } from './events.ts'
import { examine } from './examine.ts'
import { readLeases } from './leases.ts'

/** That a holder keeps a database in RAM at this moment, as the event that says so. Changes nothing. */
export async function findHolder({
  places,
  volume,
}: Context): Promise<Extract<SessionEvent, { type: 'joined' }> | undefined> {
  const { current } = await examine(places, volume)
  if (current === undefined || current.origin !== places.origin) return undefined
  const { alive } = await readLeases(current)
  if (!alive.some(({ kind }) => kind === 'holder')) return undefined
  const { live } = current
  return { type: 'joined', origin: places.origin, bytes: Number(lookAt(live)?.size ?? 0n), live, heldBy: alive }
}
