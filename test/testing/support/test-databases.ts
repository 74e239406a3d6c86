import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createTestDatabases, type TestDatabases, type TestDatabasesOptions } from '../../../src/testing/index.ts'
import { createShellProject, type ShellProject } from '../../template/support/shell-project.ts'

/** A project whose template has a table `item` with two rows, and a pool of its clones. */
export interface ProjectWithPool extends AsyncDisposable {
  readonly project: ShellProject
  readonly pool: TestDatabases
}

export async function createProjectWithPool(options: TestDatabasesOptions = {}): Promise<ProjectWithPool> {
  await using cleanUp = new AsyncDisposableStack()
  const project = cleanUp.use(await createShellProject())
  const pool = cleanUp.use(await openPool(project, options))
  const resources = cleanUp.move()
  return { project, pool, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

export async function openPool(project: ShellProject, options: TestDatabasesOptions = {}): Promise<TestDatabases> {
  return await createTestDatabases({ cwd: project.folder, env: project.env, ...options })
}

/** The clones' files that are in RAM, without their journals. */
export function clonesInRam({ inRam }: Pick<ShellProject, 'inRam'>): string[] {
  return inRam().filter((path) => path.endsWith('.sqlite3'))
}

/** What the cache's folder holds of clones. */
export function clonesOnDisk({ cache }: ShellProject): string[] {
  const folder = join(cache, `devshm-${process.geteuid?.() ?? 0}`)
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.sqlite3'))
  } catch {
    return []
  }
}
