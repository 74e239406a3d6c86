import { lockExclusively } from '../engine/sqlite/file-lock.ts'
import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import type { Context } from './context.ts'
import { explainingFailures } from './explain-failure.ts'
import { requireNoFolder } from './origin.ts'
import { ensureStore } from './store.ts'

/**
 * Do something with one database while no other devshm process does. Waits as long as it takes, and says for whom:
 * giving up in the middle of a session would leave it half-done. Failures come out explained.
 */
export async function locked<T>(context: Context, action: () => Promise<T>): Promise<T> {
  return await explainingFailures(context.places, () => underLock(context, action))
}

async function underLock<T>(context: Context, action: () => Promise<T>): Promise<T> {
  const { places, report, volume } = context
  requireNoBuild(volume.env)
  requireNoFolder(places.origin, lookAt(places.origin))
  await ensureStore(places)
  using _lock = await lockExclusively(places.lock, {
    timeoutMs: Number.POSITIVE_INFINITY,
    onWait: (holders) => {
      report({ type: 'waiting', origin: places.origin, holders })
    },
  })
  return await action()
}

/** In the environment of the steps of a set-up: which build they are a part of. */
export const BUILDING = 'DEVSHM_BUILDING'

/**
 * A step of a set-up that asked devshm for something would wait for the build that waits for it.
 *
 * @throws {DevshmError} `USAGE`
 */
export function requireNoBuild(env: NodeJS.ProcessEnv): void {
  if (env[BUILDING] === undefined) return
  throw new DevshmError('USAGE', 'a step of the set-up cannot use devshm: it is run by devshm to build a template', {
    hint: 'take devshm out of the commands under "setup" in devshm.config.json',
  })
}
