import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { readOwnMounts } from '../../../src/volume/mounts.ts'
import { createFolderOnDisk } from '../../support/django/disk-folder.ts'
import { createPlayground, DEVSHM, run, type Outcome, type Playground } from '../../support/playground.ts'

/** A playground whose volume is a place for `devshm volume create`. Disposing unmounts what is mounted there. */
export interface Place extends AsyncDisposable {
  readonly playground: Playground
  /** Where a volume can be made; nothing is there. */
  readonly path: string
  /** `devshm volume …` */
  volume(...args: string[]): Promise<Outcome>
  /** The JSON of it. */
  json(...args: string[]): Promise<Record<string, unknown>>
}

export async function createPlace(): Promise<Place> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(createFolderOnDisk('devshm-place-')).path
  // Other users reach it.
  chmodSync(folder, 0o755)
  const path = join(folder, 'ram')
  resources.defer(() => {
    // Only what is mounted there by that very name: `umount` would follow a link to anything.
    while (isMountPoint(path) && spawnSync('umount', ['--lazy', path], { stdio: 'ignore' }).status === 0);
  })
  const playground = resources.use(await createPlayground())
  const volume = (...args: string[]): Promise<Outcome> => playground.devshm('volume', ...args)
  const moved = resources.move()
  return {
    playground,
    path,
    volume,
    json: async (...args) => {
      const { stdout, stderr } = await volume(...args, '--json')
      if (stdout === '') throw new Error(stderr)
      return JSON.parse(stdout) as Record<string, unknown>
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  }
}

function isMountPoint(path: string): boolean {
  return readOwnMounts().some(({ mountPoint }) => mountPoint === path)
}

/** Run any program as another user, in a folder that this user can enter. */
export function runAs(
  uid: number,
  env: NodeJS.ProcessEnv,
  cwd: string,
  program: string,
  ...args: string[]
): Promise<Outcome> {
  const as = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--', program, ...args]
  return run('setpriv', as, { cwd, env })
}

/** The same with devshm. */
export function devshmAs(uid: number, env: NodeJS.ProcessEnv, cwd: string, ...args: string[]): Promise<Outcome> {
  return runAs(uid, env, cwd, ...DEVSHM, ...args)
}
