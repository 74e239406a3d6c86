import type { Offer } from '../offer.ts'

/** In the environment of the processes that Jest starts: what the main process offers, by the root of the Jest project. */
const VARIABLE = 'DEVSHM_JEST_POOLS'

export function offers(): Record<string, Offer> {
  return JSON.parse(process.env[VARIABLE] ?? '{}') as Record<string, Offer>
}

export function makeOffer(root: string, offer: Offer): void {
  process.env[VARIABLE] = JSON.stringify({ ...offers(), [root]: offer })
}
