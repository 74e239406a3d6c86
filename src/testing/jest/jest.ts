/** What is used of Jest, whichever version: types of its own would make it a dependency. */

export interface GlobalConfig {
  readonly watch: boolean
  readonly watchAll: boolean
}

export interface ProjectConfig {
  /** Absolute. */
  readonly rootDir: string
}

/** @see https://jestjs.io/docs/configuration#testenvironment-string */
export interface Environment {
  /** The global object of the tests, which is not that of this module. */
  readonly global: typeof globalThis
  setup(): Promise<void>
  teardown(): Promise<void>
  handleTestEvent?(event: CircusEvent, state: unknown): void | Promise<void>
}

export type EnvironmentClass = new (config: EnvironmentConfig, context: EnvironmentContext) => Environment

export interface EnvironmentConfig {
  readonly projectConfig: ProjectConfig
}

export interface EnvironmentContext {
  /** Absolute. */
  readonly testPath: string
}

/** Those that are listened to; the runner waits for each of them. */
export type CircusEvent =
  | { readonly name: 'run_start' }
  /** After it was found out that the test is not skipped, before its hooks. */
  | { readonly name: 'test_started'; readonly test: CircusTest }
  /** After its hooks. */
  | { readonly name: 'test_done'; readonly test: CircusTest }

export interface CircusTest {
  readonly name: string
  readonly errors: readonly unknown[]
}
