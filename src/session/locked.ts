import { lockExclusively } from '../engine/sqlite/file-lock.ts'
import type { Context } from './context.ts'
import { explainingFailures } from './explain-failure.ts'
import { ensureStore } from './store.ts'

/**
 * Do something with one database while no other devshm process does. Waits as long as it takes, and says for whom:
 * giving up in the middle of a session would leave it half-done. Failures come out explained.
 */
export async function locked<T>(context: Context, action: () => Promise<T>): Promise<T> {
  return await explainingFailures(context.places, () => underLock(context, action))
}

async function underLock<T>(context: Context, action: () => Promise<T>): Promise<T> {
  const { places, report } = context
  ensureStore(places)
  using _lock = await lockExclusively(places.lock, {
    timeoutMs: Number.POSITIVE_INFINITY,
    onWait: (holders) => {
      report({ type: 'waiting', origin: places.origin, holders })
    },
  })
  return await action()
}
