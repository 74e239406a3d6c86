import type { Cache } from './cache.ts'
import type { ReportTemplate } from './events.ts'

/** What `devshm test` is about to run. */
export interface TestCommand {
  readonly command: readonly [program: string, ...args: string[]]
  /** Absolute. */
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Private, empty, in RAM where there is some; it stays until the command has ended, whatever happens to devshm. */
  readonly folder: string
  readonly cache: Cache
  readonly report: ReportTemplate
}

/** How a framework makes test databases of its own, instead of being handed clones. */
export interface TestRoute extends AsyncDisposable {
  /** Come on top of the command's environment. */
  readonly variables: Readonly<Record<string, string>>
  /** Called when the command was started: for work that need not be done before, and may be done while it starts. */
  started(): void
}

/**
 * Looks at a project; nothing is run, and no template was obtained so far. Disposing of the route is the last thing that
 * happens, after the command.
 *
 * @returns `undefined` where the command is not for this framework
 */
export type FindTestRoute = (command: TestCommand) => Promise<TestRoute | undefined>
