import { inject } from 'vitest'
import { DevshmError } from '../../errors.ts'
import type { Clone } from '../clone.ts'
import { printEvent } from '../for-people.ts'
import { takeOffer } from '../offer.ts'
import { openPool } from '../open.ts'
import type { Pool } from '../pool.ts'
import { KEY } from './provided.ts'

let opened: Promise<Pool> | undefined
let sharedClone: Promise<Clone> | undefined

/**
 * This worker's part in the pool of the main process.
 *
 * @throws {DevshmError} `USAGE`: the global set-up is not configured; `STEP_FAILED` …: there is no template
 */
export async function workerPool(): Promise<Pool> {
  const offer = inject(KEY)
  if (offer === undefined) {
    throw new DevshmError('USAGE', 'devshm was not set up by Vitest', {
      hint: `add globalSetup: 'devshm/vitest/setup' to "test" in the configuration of Vitest`,
    })
  }
  opened ??= openPool(takeOffer(offer), printEvent)
  return await opened
}

/** The clone that the tests of this worker share. */
export async function workerClone(): Promise<Clone> {
  sharedClone ??= workerPool().then((pool) => pool.clone({ name: 'worker' }))
  return await sharedClone
}

/** Removes all clones of this worker. Should more tests come, they get new ones. */
export async function closeWorkerPool(): Promise<void> {
  // If it could not be opened, the tests have said so.
  const pool = await opened?.catch(() => undefined)
  opened = undefined
  sharedClone = undefined
  await pool?.[Symbol.asyncDispose]()
}
