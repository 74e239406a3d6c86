import type { OnProgress } from '../engine/engine.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import type { History, Overwriting } from './history.ts'

export interface ReplaceOptions {
  /** How long to wait for apps that are busy with the database, in milliseconds. */
  readonly timeoutMs: number
  readonly onProgress?: OnProgress | undefined
}

export interface Replaced {
  /** False: it held that very content already; nothing was written. */
  readonly changed: boolean
  /** The snapshot with what it held before. */
  readonly kept: string | undefined
  /** Of the new content. */
  readonly bytes: number
}

/** One database that is about to get other content. */
export interface Replacing {
  readonly context: Context
  readonly attachment: Attachment | undefined
  /** Live, or the origin. It is there. */
  readonly path: string
  /** The new content: a private, closed file. */
  readonly from: string
  /** Of it. */
  readonly bytes: number
  readonly by: Overwriting
  readonly at: string
  /** What the database will then be equal to. */
  readonly base: NonNullable<History['base']>
  /** As it is before. */
  readonly history: History
  readonly options: ReplaceOptions
}
