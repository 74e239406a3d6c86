import { setTimeout as sleep } from 'node:timers/promises'
import type { Opener } from '../process/open-files.ts'
import type { Attachment } from './attachment.ts'
import type { Context } from './context.ts'

/**
 * A file that lost its place while somebody had it open, kept locked so that a late write fails instead of vanishing.
 */
export interface Fence extends Disposable {
  readonly openers: readonly Opener[]
  /** Let go of the file if nobody has it open any more. */
  releaseIfClosed(): Promise<boolean>
  /** Wait for that, however long it takes, and say for whom. */
  releaseWhenClosed(): Promise<void>
}

/** How often to look again for processes that only come and go (a `cp`, an indexer). */
const SECOND_LOOKS = 3
const PAUSE_MS = 40

/**
 * Who opened the origin between the first look and the swap. A connection that was opened and never queried holds no
 * lock in any journal mode, so descriptors are scanned, by way of the file's other name.
 */
export async function findLateOpeners(context: Context, attachment: Attachment): Promise<Opener[]> {
  if (attachment.before.kind === 'absent') return []
  return await openersAfterAMoment(context, context.places.attachSnapshot)
}

/** The processes that have a database open and do not just come and go. */
export async function openersAfterAMoment(
  { engine }: Context,
  path: string,
  options: { looks?: number; ignore?: ReadonlySet<number>; includeSelf?: boolean } = {},
): Promise<Opener[]> {
  for (let looks = 0; ; looks += 1) {
    const openers = (await engine.findOpeners(path, options)).filter(({ pid }) => options.ignore?.has(pid) !== true)
    if (openers.length === 0 || looks === (options.looks ?? SECOND_LOOKS)) return openers
    await sleep(PAUSE_MS)
  }
}

/** Keep the old file locked by `lock` until everybody has closed it. */
export function fence(context: Context, openers: readonly Opener[], lock: Disposable): Fence {
  const { engine, places, report } = context
  report({ type: 'fenced', origin: places.origin, openers })
  return {
    openers,
    releaseIfClosed: async () => {
      if ((await engine.findOpeners(places.attachSnapshot)).length > 0) return false
      lock[Symbol.dispose]()
      return true
    },
    releaseWhenClosed: async () => {
      await untilClosed(context, places.attachSnapshot)
      lock[Symbol.dispose]()
    },
    [Symbol.dispose]: () => {
      lock[Symbol.dispose]()
    },
  }
}

/** Wait for as long as anybody has a database open. The caller holds its write lock meanwhile. */
export async function untilClosed(context: Context, path: string): Promise<void> {
  const { engine, places, report } = context
  for (let isFirst = true; ; isFirst = false) {
    const openers = await engine.findOpeners(path)
    if (openers.length === 0) return
    if (isFirst) report({ type: 'fenced', origin: places.origin, openers })
    await sleep(100)
  }
}
