import { workerUrl } from '../../../fs/own-files.ts'
import { busyFor } from '../busy.ts'

export const GO = 1
const STOP = 2

export interface HeldCopyOrders {
  /** A private, closed file of at least two pages. */
  readonly from: string
  readonly to: string
  /** Less than all of the pages. */
  readonly rate: number
  /** How long to wait for the lock. */
  readonly timeoutMs: number
  /** 0 while the copy is to wait. */
  readonly gate: Int32Array
}

export type HeldCopyMessage =
  | { readonly is: 'locked' | 'done' | 'busy' }
  | { readonly is: 'progress'; readonly done: number; readonly total: number }
  | { readonly is: 'failed'; readonly reason: string; readonly errcode: number | undefined }

/** Disposed of before it went on, it has changed nothing. */
export interface HeldCopy extends AsyncDisposable {
  /** Go on; resolves when all is committed. */
  go(): Promise<void>
}

/**
 * A copy over a database that has taken its lock, so that nobody else can commit any more, and waits. SQLite's backup has
 * no pause; but between its steps it asks the thread that it belongs to, and that can be one that waits.
 *
 * @throws {DevshmError} `BUSY` after `timeoutMs`
 */
export async function holdCopy(
  orders: Omit<HeldCopyOrders, 'gate'>,
  onProgress: ((done: number, total: number) => void) | undefined,
): Promise<HeldCopy> {
  const { Worker } = await import('node:worker_threads')
  const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const workerData: HeldCopyOrders = { ...orders, gate }
  const worker = new Worker(workerUrl('held-copy', import.meta.url), { workerData })
  const locked = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  // Also where it ended by an error: `fail` has told that.
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const fail = (error: Error): void => {
    locked.reject(error)
    done.reject(error)
  }
  // Whoever does not wait for it any more need not hear of it.
  done.promise.catch(() => undefined)
  worker.on('message', (message: HeldCopyMessage) => {
    switch (message.is) {
      case 'locked':
        return locked.resolve()
      case 'done':
        return done.resolve()
      case 'progress':
        return onProgress?.(message.done, message.total)
      case 'busy':
        return fail(busyFor(orders.to, orders.timeoutMs, undefined))
      case 'failed':
        return fail(Object.assign(new Error(message.reason), { errcode: message.errcode }))
    }
  })
  worker.once('error', fail)
  worker.once('exit', (code) => fail(new Error(`the thread that copies to ${orders.to} ended with ${code}`)))
  const open = (value: number): void => {
    Atomics.compareExchange(gate, 0, 0, value)
    Atomics.notify(gate, 0)
  }
  await locked.promise
  return {
    go: async () => {
      open(GO)
      await done.promise
    },
    [Symbol.asyncDispose]: async () => {
      open(STOP)
      await ended
    },
  }
}
