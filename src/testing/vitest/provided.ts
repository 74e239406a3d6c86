import type { Offer } from '../offer.ts'

declare module 'vitest' {
  /** What the main process has for its workers; there only with the global set-up. */
  interface ProvidedContext {
    devshm?: Offer
  }
}

export const KEY = 'devshm'
