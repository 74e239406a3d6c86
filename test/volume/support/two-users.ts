import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createFolderOnDisk } from '../../support/django/disk-folder.ts'
import { createPlayground, DEVSHM, type Outcome, type Playground, type Started } from '../../support/playground.ts'

const UIDS = { ann: 5901, mallory: 5902 } as const

export type Name = keyof typeof UIDS

/** Two users of this machine, each with a project. Their accounts are seen only by what is run as one of them. */
export interface TwoUsers extends AsyncDisposable {
  readonly uids: Readonly<Record<Name, number>>
  /** Of the one who is attacked. */
  readonly playground: Playground
  /** A folder of that user's own, closed to others, with `db.sqlite3` in it. */
  readonly project: Readonly<Record<Name, string>>
  /** Run a program as one of them, in their project. */
  as(who: Name, program: string, ...args: string[]): Promise<Outcome>
  devshm(who: Name, ...args: string[]): Promise<Outcome>
  start(who: Name, ...args: string[]): Started
}

/** @param prepare a shell command that root runs in the mount namespace of each program that is run */
export async function createTwoUsers(volume: string, prepare: string = 'true'): Promise<TwoUsers> {
  await using resources = new AsyncDisposableStack()
  const { path } = resources.use(createFolderOnDisk('devshm-users-'))
  chmodSync(path, 0o755)
  mkdirSync(join(path, 'etc'))
  const project = { ann: join(path, 'ann'), mallory: join(path, 'mallory') }
  const playground = resources.use(await createPlayground())
  playground.env['DEVSHM_VOLUME'] = volume
  for (const who of ['ann', 'mallory'] as const) {
    execFileSync('useradd', ['--prefix', path, '--uid', String(UIDS[who]), who], { stdio: 'pipe' })
    mkdirSync(project[who], { mode: 0o700 })
    playground.sql('create table t (a); insert into t values (1)', join(project[who], 'db.sqlite3'))
    for (const each of [project[who], join(project[who], 'db.sqlite3')]) chownSync(each, UIDS[who], UIDS[who])
  }
  const enter = `set -e; mount --bind '${path}/etc/passwd' /etc/passwd; ${prepare}; cd "$1"; shift; exec "$@"`
  const argsFor = (who: Name, args: readonly string[]): [string, ...string[]] => {
    const user = [
      'setpriv',
      `--reuid=${who}`,
      `--regid=${UIDS[who]}`,
      '--clear-groups',
      '--',
      'env',
      `HOME=${project[who]}`,
    ]
    return ['unshare', '--mount', 'sh', '-c', enter, 'sh', project[who], ...user, 'DEVSHM_CACHE=', ...args]
  }
  const moved = resources.move()
  return {
    uids: UIDS,
    playground,
    project,
    as: (who, ...args) => playground.command(...argsFor(who, args)),
    devshm: (who, ...args) => playground.command(...argsFor(who, [...DEVSHM, ...args])),
    start: (who, ...args) => playground.start(...argsFor(who, [...DEVSHM, ...args])),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  }
}
