import { basename } from 'node:path'
import { findProjectRoot } from '../../../../project/find-project.ts'
import type { Cache } from '../../../cache.ts'
import type { ReportTemplate } from '../../../events.ts'
import { djangoHookVariables } from '../hook.ts'
import { writeBase } from './base.ts'
import { findBase } from './find-base.ts'
import { locateTests } from './locate.ts'
import { testDatabaseEvents } from './reports.ts'

export interface TestCommand {
  readonly command: readonly [program: string, ...args: string[]]
  /** Absolute. */
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** Private, and there until the command has ended. */
  readonly folder: string
  readonly cache: Cache
  readonly report: ReportTemplate
}

export interface DjangoTests extends AsyncDisposable {
  /** Come on top of the command's environment. */
  readonly variables: Readonly<Record<string, string>>
  /**
   * To be called as soon as the command was started: only then the project's files are looked at. Django waits for what is
   * found out, but starting takes it longer than that.
   */
  started(): void
}

/** These test what they find in a browser, or have nothing to do with Python. */
const NOT_FOR_PYTHON = /^(?:node|npm|npx|pnpm|pnpx|yarn|bun|bunx|deno|playwright|cypress)$/

/**
 * Have Django's own test databases filled from templates, for as long as a command runs. They are what Django makes by its
 * migrations, at the same place: in memory as a rule. Disposing reports what became of them: with `DEVSHM_EXPLAIN` all of
 * it, else only what went wrong, once.
 *
 * @returns `undefined` where the command is not about a project of Django's
 */
export async function findDjangoTests(run: TestCommand): Promise<DjangoTests | undefined> {
  const { command, cwd, env, folder, cache, report } = run
  if (NOT_FOR_PYTHON.test(basename(command[0]))) return undefined
  const root = findProjectRoot(cwd)
  const location = locateTests({ root, cwd, command, env })
  if (!location.isDjango) return undefined
  const explains = !['', '0', undefined].includes(env['DEVSHM_EXPLAIN'])
  return {
    variables: await djangoHookVariables(env, [], folder, { folder, cache: cache.home, pid: process.pid }),
    started: () => {
      writeBase(folder, () => findBase(root, env, location))
    },
    [Symbol.asyncDispose]: async () => {
      for (const event of testDatabaseEvents(cache, folder, explains)) report(event)
    },
  }
}
