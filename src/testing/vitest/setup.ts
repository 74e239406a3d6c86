import type { TestProject, Vitest } from 'vitest/node'
import { offerOfFailure } from '../offer.ts'
import { openCurrentPool } from './current-pool.ts'
import { KEY } from './provided.ts'
import { rerunOnInputs } from './rerun-on-inputs.ts'

/**
 * Vitest's global set-up: obtains the project's template, once for all workers, and hands them a pool of its clones. With
 * `--watch` every run is looked ahead: after a new migration, it gets clones of the new template.
 *
 * @returns the teardown, which removes all clones
 * @throws {DevshmError} `NO_SETUP`, `STEP_FAILED` …
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const pool = openCurrentPool(project.config.root)
  let current = await pool.refresh()
  project.provide(KEY, { handle: current.handle })
  if (project.vitest.config.watch) {
    rerunOnInputs(project, () => current)
    project.onTestsRerun(async () => {
      await endOfRun(project.vitest)
      try {
        current = await pool.refresh()
        project.provide(KEY, { handle: current.handle })
      } catch (error) {
        // Vitest would end. Instead the tests fail until it is put right.
        project.provide(KEY, offerOfFailure(error))
      }
    })
  }
  return async () => {
    await pool[Symbol.asyncDispose]()
  }
}

/** Clones may be in use until then. Vitest 3 has no such method: it does not begin another run before. */
async function endOfRun(vitest: Partial<Pick<Vitest, 'waitForTestRunEnd'>>): Promise<void> {
  await vitest.waitForTestRunEnd?.()
}
