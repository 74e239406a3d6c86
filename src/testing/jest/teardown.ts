import type { ProjectConfig } from './jest.ts'
import { removePool } from './pools.ts'

/** Jest's `globalTeardown`: removes all clones. */
async function teardown(_global: unknown, { rootDir }: ProjectConfig): Promise<void> {
  await removePool(rootDir)
}

export default teardown
