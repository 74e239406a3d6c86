import { DevshmError } from '../errors.ts'
import type { TestDatabasesHandle } from './handle.ts'

/** What a runner's main process hands to its workers, as plain data: a pool to take part in, or why there is none. */
export type Offer =
  | { readonly handle: TestDatabasesHandle }
  | { readonly failure: Pick<DevshmError, 'code' | 'message' | 'hint'> }

/**
 * For a run that goes on, as with `--watch`: its tests fail with this as the reason.
 *
 * @throws what is no {@link DevshmError}
 */
export function offerOfFailure(error: unknown): Offer {
  if (!(error instanceof DevshmError)) throw error
  const { code, message, hint } = error
  return { failure: { code, message, hint } }
}

/** @throws {DevshmError} the failure of the main process */
export function takeOffer(offer: Offer): TestDatabasesHandle {
  if ('handle' in offer) return offer.handle
  const { code, message, hint } = offer.failure
  throw new DevshmError(code, message, { hint })
}
