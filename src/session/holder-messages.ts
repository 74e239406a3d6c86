import type { ErrorCode } from '../errors.ts'
import type { SessionEvent } from './events.ts'
import type { SessionOptions } from './session.ts'

/** What a holder is started with, as one JSON argument. */
export interface HolderOrders {
  readonly origins: readonly string[]
  readonly configuredVolume: string | undefined
  readonly session: SessionOptions
}

/** What a holder tells the command that started it, until it is ready. */
export type HolderMessage =
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'ready' }
  | {
      readonly type: 'failed'
      readonly code: ErrorCode | undefined
      readonly message: string
      readonly hint: string | undefined
      readonly details: Readonly<Record<string, unknown>>
    }
