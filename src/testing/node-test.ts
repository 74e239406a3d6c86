import { after, afterEach, before, type SuiteContext, type TestContext } from 'node:test'
import type { Clone, CloneOptions, MemoryClone } from './clone.ts'
import { keepOfFailed, printEvent, withHint } from './for-people.ts'
import { createTestDatabases, type TestDatabases, type TestDatabasesOptions } from './index.ts'

type AnyClone = Clone | MemoryClone

export interface FileDatabases {
  /**
   * A private database for a test or subtest, which goes with it. If the test fails, or one of its subtests, the database is
   * kept, and where it is comes as a diagnostic.
   *
   * May be called in the test, or in a `beforeEach` hook with the context that it is given.
   */
  forTest(t: TestContext, options: CloneOptions & { readonly memory: true }): Promise<MemoryClone>
  forTest(t: TestContext, options?: CloneOptions & { readonly memory?: false }): Promise<Clone>
  /**
   * A private database that stays for as long as the file's tests run, or those of the suite; kept if one of them fails.
   * `reset()` between tests makes it new.
   */
  forFile(options: CloneOptions & { readonly memory: true }): Promise<MemoryClone>
  forFile(options?: CloneOptions & { readonly memory?: false }): Promise<Clone>
}

/**
 * Test databases for the tests of a file of `node:test`, or of the suite that it is called in. Registers hooks: the
 * template is found or built before the first test, and everything is released after the last one.
 *
 * What is long is said on standard error; a killed file leaves nothing that the next start does not remove.
 */
export function useTestDatabases(options: Omit<TestDatabasesOptions, 'onEvent'> = {}): FileDatabases {
  /** Full names of failed tests. */
  const failed: string[] = []
  const ofFile: AnyClone[] = []
  let opening: Promise<TestDatabases> | undefined
  const open = (): Promise<TestDatabases> =>
    (opening ??= withHint(createTestDatabases({ ...options, onEvent: printEvent })))

  before(async () => {
    await open()
  })
  afterEach((t) => {
    if (hasFailed(t)) failed.push(t.fullName)
  })
  after(async (t) => {
    // If it could not be opened, `before` has said so.
    await using _pool = await opening?.catch(() => undefined)
    if (failed.length > 0) for (const clone of ofFile) await keep(clone, t)
  })

  async function forTest(t: TestContext, options: CloneOptions & { readonly memory: true }): Promise<MemoryClone>
  async function forTest(t: TestContext, options?: CloneOptions & { readonly memory?: false }): Promise<Clone>
  async function forTest(t: TestContext, options?: CloneOptions): Promise<AnyClone> {
    const pool = await open()
    const clone = await pool.clone({ name: t.name, ...options })
    t.after(async () => {
      await using _clone = clone
      // A failed subtest fails its test only after these hooks.
      const hasFailedSubtest = failed.some((name) => name.startsWith(`${t.fullName} > `))
      if (hasFailed(t) || hasFailedSubtest) await keep(clone, t)
    })
    return clone
  }

  async function forFile(options: CloneOptions & { readonly memory: true }): Promise<MemoryClone>
  async function forFile(options?: CloneOptions & { readonly memory?: false }): Promise<Clone>
  async function forFile(options?: CloneOptions): Promise<AnyClone> {
    const pool = await open()
    const clone = await pool.clone(options)
    ofFile.push(clone)
    return clone
  }
  return { forTest, forFile }
}

/** `passed` is not in the types yet. It is right in hooks, too. */
function hasFailed(t: TestContext | SuiteContext): boolean {
  return 'passed' in t && !t.passed
}

async function keep(clone: AnyClone, t: TestContext | SuiteContext): Promise<void> {
  for (const line of await keepOfFailed(clone)) {
    if ('diagnostic' in t) t.diagnostic(line)
    else process.stderr.write(`${line}\n`)
  }
}
