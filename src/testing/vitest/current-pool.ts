import { openProject } from '../../template/open-project.ts'
import { topOf, type Plan } from '../../template/plan.ts'
import { createPool } from '../create.ts'
import { printEvent } from '../for-people.ts'
import type { TestDatabasesHandle } from '../handle.ts'
import type { Pool } from '../pool.ts'

/** The clones of a project as it is now, and the files that decide what they hold. */
export interface Current {
  readonly handle: TestDatabasesHandle
  /** Absolute. */
  readonly root: string
  /** The globs that the steps of the set-up name, relative to the root. */
  readonly inputs: readonly string[]
}

/** A pool that is replaced when the project's template is another one. */
export interface CurrentPool extends AsyncDisposable {
  /**
   * Look at the project again. Where it has another template now, the pool of the old one is closed: nobody may need
   * clones of that any more.
   *
   * @throws {DevshmError} `NO_SETUP`, `STEP_FAILED` …; the old pool stays
   */
  refresh(): Promise<Current>
}

export function openCurrentPool(cwd: string): CurrentPool {
  let pool: Pool | undefined
  return {
    async refresh() {
      const env = process.env
      const project = await openProject({ cwd, env, db: [], report: printEvent, reportTemplate: printEvent })
      const plan = await project.makePlan()
      if (pool === undefined || !isOf(pool.handle, plan)) {
        const next = await createPool(project, { env, report: printEvent })
        await pool?.[Symbol.asyncDispose]()
        pool = next
      }
      const steps = project.configuration.setup ?? plan.framework?.steps ?? []
      return { handle: pool.handle, root: project.root, inputs: steps.flatMap(({ inputs = [] }) => inputs) }
    },
    async [Symbol.asyncDispose]() {
      await pool?.[Symbol.asyncDispose]()
    },
  }
}

function isOf({ fingerprint, variables }: TestDatabasesHandle, plan: Plan): boolean {
  const now = plan.route.kind === 'variables' ? plan.route.variables : {}
  return fingerprint === topOf(plan).fingerprint && JSON.stringify(variables) === JSON.stringify(now)
}
