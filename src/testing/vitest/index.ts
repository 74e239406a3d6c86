import { test as base, type TestAPI, type TestContext } from 'vitest'
import type { Clone } from '../clone.ts'
import { keepOfFailed } from '../for-people.ts'
import type { TestDatabases } from '../index.ts'
import { closeWorkerPool, workerClone, workerPool } from './worker-pool.ts'

/** What tests are given. What a failing test has changed is kept, and it is printed where. */
export interface DatabaseFixtures {
  /** A clone of the test's own. */
  readonly db: Clone
  /** A clone that the tests of this file share. */
  readonly fileDb: Clone
  /**
   * A clone that the tests of this worker share; the set-up file `devshm/vitest/env` leads the app to it. Vitest gives each
   * file a worker of its own, unless `isolate` is off.
   */
  readonly workerDb: Clone
  /** For further clones, which the test releases itself. */
  readonly databases: Pick<TestDatabases, 'clone'>
}

interface InternalFixtures {
  readonly sharedByFile: Clone
  readonly endOfWorker: undefined
}

/** Vitest's `test` with databases, each made when a test first asks for it. */
export const test: TestAPI<DatabaseFixtures> = base.extend<DatabaseFixtures & InternalFixtures>({
  async db({ task }, use) {
    const pool = await workerPool()
    await using clone = await pool.clone({ name: task.name })
    await use(clone)
    await keepIfFailed(task, clone)
  },
  async fileDb({ task, sharedByFile }, use) {
    await use(sharedByFile)
    await keepIfFailed(task, sharedByFile)
  },
  async workerDb({ task }, use) {
    const clone = await workerClone()
    await use(clone)
    await keepIfFailed(task, clone)
  },
  async databases({}, use) {
    await use(await workerPool())
  },
  sharedByFile: [
    async ({}, use) => {
      const pool = await workerPool()
      await using clone = await pool.clone({ name: 'file' })
      await use(clone)
    },
    { scope: 'file' },
  ],
  endOfWorker: [
    async ({}, use) => {
      await use(undefined)
      await closeWorkerPool()
    },
    { scope: 'worker', auto: true },
  ],
})

async function keepIfFailed({ result, fails }: TestContext['task'], clone: Clone): Promise<void> {
  if (result?.state !== 'fail' || fails === true) return
  const lines = await keepOfFailed(clone)
  // Vitest shows it together with the test.
  if (lines.length > 0) console.error(lines.join('\n'))
}
