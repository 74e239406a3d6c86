import { resolve } from 'node:path'
import { openProject } from '../template/open-project.ts'
import type { Clone, CloneOptions, MemoryClone } from './clone.ts'
import { createPool } from './create.ts'
import type { TestingEvent } from './events.ts'
import type { TestDatabasesHandle } from './handle.ts'
import { openPool } from './open.ts'

export interface TestDatabasesOptions {
  /** The project's folder (default: the process's). */
  readonly cwd?: string
  /** The environment for the steps of the set-up, and to read `DEVSHM_VOLUME` from (default: the process's). */
  readonly env?: NodeJS.ProcessEnv
  /** Paths of the databases to clone, relative to `cwd` (default: all that are configured or found). */
  readonly databases?: readonly string[]
  /**
   * Bytes that the clones of this user may take in the volume, those of other pools included (default: `cloneBudget` of
   * the configuration, else half of what is free). Beyond that they are on disk.
   */
  readonly budget?: number
  /** Called with everything that happens; nothing is printed. */
  readonly onEvent?: (event: TestingEvent) => void
}

/** A pool of test databases: all clones are of one template. Disposing releases those that are left. */
export interface TestDatabases extends AsyncDisposable {
  /** For {@link openTestDatabases} in other processes and threads, while this pool is open. */
  readonly handle: TestDatabasesHandle
  /** In memory: for this process only, and without files. */
  clone(options: CloneOptions & { readonly memory: true }): Promise<MemoryClone>
  /**
   * A private copy of the project's databases, in RAM; on disk where there is no room, which is said once.
   *
   * @throws {DevshmError} `DATABASE_NOT_FOUND`; `USAGE`: the pool is closed
   */
  clone(options?: CloneOptions & { readonly memory?: false }): Promise<Clone>
  clone(options?: CloneOptions): Promise<Clone | MemoryClone>
}

/**
 * Test databases of a project: from its template, which is built first if it is not cached; of any number of processes
 * that want it at once, one builds it. What test runs that were killed have left in RAM is removed.
 *
 * @throws {DevshmError} `NO_SETUP`, `STEP_FAILED`, `DATABASE_NOT_FOUND` …
 */
export async function createTestDatabases(options: TestDatabasesOptions = {}): Promise<TestDatabases> {
  const { env = process.env, databases = [], budget, onEvent = () => undefined } = options
  const cwd = resolve(options.cwd ?? process.cwd())
  const project = await openProject({ cwd, env, db: databases, report: onEvent, reportTemplate: onEvent })
  return await createPool(project, { env, budget, report: onEvent })
}

/**
 * Take part in a pool of another process or thread, without looking at the project again. The clones made here go when
 * this is disposed, when its process or thread has ended, or when the pool is closed.
 *
 * @throws {DevshmError} `USAGE`: the pool is closed
 */
export async function openTestDatabases(
  handle: TestDatabasesHandle,
  { onEvent = () => undefined }: Pick<TestDatabasesOptions, 'onEvent'> = {},
): Promise<TestDatabases> {
  return await openPool(handle, onEvent)
}

export { DevshmError, type ErrorCode } from '../errors.ts'
export type { Clone, ClonedDatabase, CloneOptions, ConnectOptions, MemoryClone, ResetOptions } from './clone.ts'
export type { TestingEvent } from './events.ts'
export type { TestDatabasesHandle } from './handle.ts'
export type { Kept, KeptDatabase } from './keep.ts'
