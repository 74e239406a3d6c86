import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError } from '../errors.ts'
import { identityOf } from '../process/identity.ts'
import { loadConfiguration } from '../project/configuration.ts'
import { findProjectRoot } from '../project/find-project.ts'
import { cacheOf, ensureCache } from '../template/cache.ts'
import type { WhichProject } from '../template/open-project.ts'
import type { TestCommand } from '../template/test-route.ts'
import { removePoolFolder, createPoolFolder, sweepCloneFolders } from '../volume/clone-folder.ts'
import { findVolume } from '../volume/find-volume.ts'
import { addLease } from '../volume/leased-folder.ts'
import { cloneVariables } from './clone-variables.ts'
import type { Clone } from './clone.ts'
import type { CloneEvent } from './events.ts'
import { findTestRoute } from './frameworks.ts'
import type { Pool } from './pool.ts'

/** For a framework's own files, in bytes. */
const LEAST_ROOM = 8_000_000

export interface WhatToTest extends WhichProject {
  readonly command: TestCommand['command']
  /** How many clones; by default one, unless a framework makes test databases of its own. */
  readonly clones: number | undefined
  readonly reportClones: (event: CloneEvent) => void
}

/** All that a command needs to run on private databases. Disposing removes them. */
export interface TestRun extends AsyncDisposable {
  /** Come on top of the command's environment. */
  readonly variables: Readonly<Record<string, string>>
  readonly clones: readonly Clone[]
  /** The command was started: the databases are needed for as long as it runs, even if devshm is killed. */
  startedAs(pid: number): void
}

/**
 * Make what the command needs: what its framework wants, if that looks after test databases itself, else clones.
 *
 * @throws {DevshmError} `NO_SETUP`, `STEP_FAILED` …; nothing is left then
 */
export async function prepareTests(what: WhatToTest): Promise<TestRun> {
  const { command, cwd, env, reportTemplate } = what
  await using cleanUp = new AsyncDisposableStack()
  const cache = cacheOf(env)
  ensureCache(cache)
  const folder = await makeFolder(what, cache.home)
  cleanUp.defer(() => removePoolFolder(folder))
  const files = join(folder, 'files')
  mkdirSync(files, { mode: 0o700 })
  const route = await findTestRoute({ command, cwd, env, folder: files, cache, report: reportTemplate })
  if (route !== undefined) cleanUp.use(route)
  let pool: Pool | undefined
  const clones: Clone[] = []
  if (route === undefined || what.clones !== undefined) {
    // A framework that needs no clones does not wait for this.
    const [{ createPool }, { openProject }] = await Promise.all([
      import('./create.ts'),
      import('../template/open-project.ts'),
    ])
    pool = cleanUp.use(await createPool(await openProject(what), { env, report: what.reportClones }))
    for (let number = 1; number <= (what.clones ?? 1); number += 1) clones.push(await pool.clone())
    if (route === undefined && Object.keys(pool.handle.variables).length === 0) sayNotLed(what)
  }
  const resources = cleanUp.move()
  return {
    variables: { ...cloneVariables(clones), ...route?.variables },
    clones,
    startedAs(pid) {
      const identity = identityOf(pid)
      if (identity !== undefined) {
        addLease(folder, identity)
        pool?.neededBy(identity)
      }
      route?.started()
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

async function makeFolder({ cwd, env }: WhatToTest, home: string): Promise<string> {
  const { volume: configured } = await loadConfiguration(findProjectRoot(cwd))
  const base = await findVolume({ configured, env }, LEAST_ROOM).catch((error: unknown) => {
    if (!(error instanceof DevshmError) || error.code !== 'NO_RAM') throw error
    return { path: home }
  })
  await sweepCloneFolders(base)
  return createPoolFolder(base)
}

function sayNotLed({ reportClones }: WhatToTest): void {
  reportClones({
    type: 'clones-not-led',
    hint: 'have the command read DEVSHM_CLONE_1, or name the variables that it reads under "env" in devshm.config.json',
  })
}
