import type { TestDatabase } from './index.ts'

export interface UseOptions {
  /** Who shares a clone: nobody (`test`, the default), the tests of this file, or those of this worker of Jest. */
  readonly per?: 'test' | 'file' | 'worker'
}

/** What the environment, which is outside of the tests' global object, gives to what is inside. */
export interface Bridge {
  use(options: UseOptions): TestDatabase
}

/** Where in the global object of the tests it is. */
export const BRIDGE: unique symbol = Symbol.for('devshm.jest')
