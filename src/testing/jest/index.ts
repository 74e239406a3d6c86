import { DevshmError } from '../../errors.ts'
import type { Clone } from '../clone.ts'
import { BRIDGE, type Bridge, type UseOptions } from './bridge.ts'

/** The database of the test that runs. */
export type TestDatabase = Omit<Clone, typeof Symbol.asyncDispose>

/**
 * Give the tests of this file a database: each a clone of its own, or one that they share. Called at the top of the file;
 * what is returned always means the clone of the test that runs. While a test runs, the configured variables in
 * `process.env` lead to it; before, and if none is asked for, to the clone of the file.
 *
 * What a failing test has changed is kept, and it is printed where.
 *
 * @throws {DevshmError} `USAGE`: the test environment is another one than `devshm/jest/environment`
 */
export function useTestDatabase(options: UseOptions = {}): TestDatabase {
  const { [BRIDGE]: bridge } = globalThis as { [BRIDGE]?: Bridge }
  if (bridge === undefined) {
    throw new DevshmError('USAGE', 'this test file does not run in the test environment of devshm', {
      hint: 'add preset: "devshm/jest", or testEnvironment: "devshm/jest/environment", to the configuration of Jest',
    })
  }
  return bridge.use(options)
}

export type { UseOptions } from './bridge.ts'
