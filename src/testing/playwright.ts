import { resolve } from 'node:path'
import { startAppServer } from './app-server.ts'
import type { Clone } from './clone.ts'
import { describeKept, printEvent, withHint } from './for-people.ts'
import { createTestDatabases, type TestDatabasesOptions } from './index.ts'
import { leadApp } from './lead-app.ts'

/** How long a template may take to be built, besides the start of the server, in milliseconds. */
const BUILDING_MS = 600_000

export interface AppOptions extends Omit<TestDatabasesOptions, 'onEvent'> {
  /**
   * What starts the app's server: a command line for `/bin/sh`, run in `cwd`. It must listen on 127.0.0.1 and the port that
   * `{port}` stands for; the port is in the variable `PORT` as well.
   */
  readonly command: string
  /** Variables for the server, on top of all others; `{port}` and `{path}`, the clone's, are filled in. */
  readonly variables?: Readonly<Record<string, string>>
  /** What is asked for until the server answers, with whatever status (default: `/`). */
  readonly ready?: string
  /** How long that may take, in milliseconds (default 60,000). */
  readonly startTimeoutMs?: number
}

/** The app's server of one worker. */
export interface AppOnClone {
  readonly url: string
  /** What the server has open. */
  readonly db: Clone
  /** The end of what the server printed so far. */
  readonly output: string
}

export interface AppTestFixtures {
  /** The database of the app: what the template holds when a test begins, and kept if it fails. */
  readonly db: Clone
}

export interface AppWorkerFixtures {
  /** The app's server: started once for each worker. */
  readonly app: AppOnClone
}

type Use<T> = (value: T) => Promise<void>

/**
 * For `extend` of Playwright's `test`, or of one that was extended already. Written out instead of taken from Playwright's
 * own types: those come with the browser's, and with a version.
 */
export interface AppFixtures {
  readonly app: [
    (args: object, use: Use<AppOnClone>, info: { readonly parallelIndex: number }) => Promise<void>,
    { scope: 'worker'; timeout: number },
  ]
  readonly db: [
    (
      args: AppWorkerFixtures,
      use: Use<Clone>,
      info: { readonly status?: string; readonly expectedStatus: string },
    ) => Promise<void>,
    { scope: 'test'; auto: true },
  ]
  readonly baseURL: (args: AppWorkerFixtures, use: Use<string | undefined>) => Promise<void>
}

/**
 * Fixtures with which each worker of Playwright has the app's server running on a clone of its own, which every test finds
 * new, and `page.goto('/')` leads to. The server ends with its worker, also with one that is killed.
 *
 *     export const test = base.extend<AppTestFixtures, AppWorkerFixtures>(appOnClone({ command: 'npm start' }))
 */
export function appOnClone(options: AppOptions): AppFixtures {
  const { command, variables = {}, ready = '/', startTimeoutMs = 60_000, ...whichDatabases } = options
  const { env = process.env } = options
  const cwd = resolve(options.cwd ?? process.cwd())
  /** Clones that a test has had already, in this worker. */
  const used = new WeakSet<Clone>()
  return {
    app: [
      async ({}, use, { parallelIndex }) => {
        await using pool = await withHint(createTestDatabases({ ...whichDatabases, cwd, env, onEvent: printEvent }))
        await using db = await pool.clone({ name: `worker-${parallelIndex}` })
        const led = await withHint(leadApp(pool.handle, db, { env, variables }))
        await using server = await withHint(
          startAppServer({ command, cwd, env, variables: led, ready, timeoutMs: startTimeoutMs }),
        )
        await use({
          url: server.url,
          db,
          get output() {
            return server.output
          },
        })
      },
      { scope: 'worker', timeout: BUILDING_MS + startTimeoutMs },
    ],
    db: [
      async ({ app }, use, testInfo) => {
        const { db } = app
        if (used.has(db)) await db.reset()
        used.add(db)
        await use(db)
        const { status, expectedStatus } = testInfo
        if (status === expectedStatus || status === 'interrupted') return
        // With the output of the test, in every reporter.
        for (const line of describeKept(await db.keepIfChanged())) process.stderr.write(`${line}\n`)
      },
      { scope: 'test', auto: true },
    ],
    baseURL: async ({ app }, use) => {
      await use(app.url)
    },
  }
}
