import { printEvent } from '../for-people.ts'
import { createTestDatabases, type TestDatabases } from '../index.ts'
import { makeOffer } from './offers.ts'
import { closeWorkerPool } from './worker-pool.ts'

/** By the root of the Jest project, in the main process. */
const pools = new Map<string, TestDatabases>()

/** Make the pool of a project, unless another Jest project with the same root has. */
export async function makePool(root: string): Promise<void> {
  if (pools.has(root)) return
  const pool = await createTestDatabases({ cwd: root, onEvent: printEvent })
  pools.set(root, pool)
  makeOffer(root, { handle: pool.handle })
}

/** Remove all clones of a project. */
export async function removePool(root: string): Promise<void> {
  const pool = pools.get(root)
  if (pool === undefined) return
  pools.delete(root)
  await closeWorkerPool(pool.handle)
  await pool[Symbol.asyncDispose]()
}
