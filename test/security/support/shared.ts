import { chmodSync, lstatSync, mkdirSync, mkdtempDisposableSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DEVSHM, type Outcome } from '../../support/playground.ts'
import type { Name, TwoUsers } from '../../volume/support/two-users.ts'

/** A folder that both users reach; by default as `/tmp` is: anybody may put something there, only its owner takes it away. */
export function shareFolder({ project }: TwoUsers, name = 'shared', mode = 0o1777): string {
  const folder = join(dirname(project.ann), name)
  mkdirSync(folder)
  chmodSync(folder, mode)
  return folder
}

/** Run devshm as one of them in a folder that is not theirs alone. */
export async function devshmIn(folder: string, users: TwoUsers, who: Name, ...args: string[]): Promise<Outcome> {
  return await users.as(who, 'sh', '-c', 'cd "$1"; shift; exec "$@"', 'sh', folder, ...DEVSHM, ...args)
}

/** Run a line of shell as one of them in a folder. */
export async function shellIn(folder: string, users: TwoUsers, who: Name, line: string): Promise<Outcome> {
  return await users.as(who, 'sh', '-c', `cd "$1"; ${line}`, 'sh', folder)
}

/** Everything about a folder and what is in it that a write, a chmod or a removal would change. */
export function portraitOf(folder: string): string[] {
  const names = ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]
  return names.toSorted().map((name) => {
    const path = join(folder, name)
    const { ino, mode, uid, nlink, size, mtimeMs } = lstatSync(path)
    const isFile = lstatSync(path).isFile()
    return [
      name,
      ino,
      mode.toString(8),
      uid,
      nlink,
      mtimeMs,
      isFile ? size : '-',
      isFile ? readFileSync(path, 'hex') : '',
    ].join(' ')
  })
}

/** A folder in RAM that everybody may put something into, as `/dev/shm` is. It goes with its scope. */
export function openSharedRam(): { readonly path: string } & Disposable {
  const folder = mkdtempDisposableSync('/dev/shm/devshm-test-')
  chmodSync(folder.path, 0o1777)
  return { path: folder.path, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}
