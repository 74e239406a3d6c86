import { DevshmError } from '../../errors.ts'
import type { Clone } from '../clone.ts'
import { printEvent } from '../for-people.ts'
import type { TestDatabasesHandle } from '../handle.ts'
import { takeOffer } from '../offer.ts'
import { openPool } from '../open.ts'
import type { Pool } from '../pool.ts'
import { offers } from './offers.ts'

/** This process's, or thread's, part in a pool. */
export interface WorkerPool {
  readonly pool: Pool
  /** The clone that all test files of this worker share. */
  shared(): Promise<Clone>
}

/** By the handle. */
const opened = new Map<string, Promise<WorkerPool>>()

/**
 * Take part in the pool of a project, once for this worker. It is not closed: Jest ends its workers, and then the main
 * process removes what they leave.
 *
 * @throws {DevshmError} `USAGE`: the global set-up is not configured; `STEP_FAILED` …: there is no template
 */
export async function workerPool(root: string): Promise<WorkerPool> {
  const { [root]: offer } = offers()
  if (offer === undefined) {
    throw new DevshmError('USAGE', `devshm was not set up by Jest for ${root}`, {
      hint: 'add preset: "devshm/jest", or globalSetup: "devshm/jest/setup" and globalTeardown: "devshm/jest/teardown", to the configuration of Jest',
    })
  }
  const handle = takeOffer(offer)
  const key = JSON.stringify(handle)
  const known = opened.get(key) ?? open(handle)
  opened.set(key, known)
  return await known
}

/** Where Jest runs the tests in its main process, that is a worker as well, and goes on. */
export async function closeWorkerPool(handle: TestDatabasesHandle): Promise<void> {
  const key = JSON.stringify(handle)
  // If it could not be opened, the tests have said so.
  const worker = await opened.get(key)?.catch(() => undefined)
  opened.delete(key)
  await worker?.pool[Symbol.asyncDispose]()
}

async function open(handle: TestDatabasesHandle): Promise<WorkerPool> {
  const pool = await openPool(handle, printEvent)
  let clone: Promise<Clone> | undefined
  return {
    pool,
    shared() {
      clone ??= pool.clone({ name: 'worker' })
      return clone
    },
  }
}
