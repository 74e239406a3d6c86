import { withHint } from '../for-people.ts'
import { offerOfFailure } from '../offer.ts'
import type { GlobalConfig, ProjectConfig } from './jest.ts'
import { makeOffer } from './offers.ts'
import { makePool } from './pools.ts'

/**
 * Jest's `globalSetup`: obtains the project's template, once for all workers, and a pool of its clones. With `--watch` Jest
 * calls it before every run, so that a run after a new migration gets clones of the new template.
 */
async function setup({ watch, watchAll }: GlobalConfig, { rootDir }: ProjectConfig): Promise<void> {
  try {
    await withHint(makePool(rootDir))
  } catch (error) {
    if (!watch && !watchAll) throw error
    // Jest would never run again. Instead the tests fail until it is put right.
    makeOffer(rootDir, offerOfFailure(error))
  }
}

export default setup
