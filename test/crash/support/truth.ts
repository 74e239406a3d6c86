import { mkdtempDisposableSync, readdirSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'
import type { Call, CallKind } from './shim.ts'

/**
 * What strace saw, of the calls that change files below some folders: a second witness, which sees what programs ask of
 * the kernel in whatever way.
 */
export interface Witness extends Disposable {
  /** Before the command. */
  readonly wrapper: readonly string[]
  /** What it saw and the library did not write down, in words; after the command. */
  missedIn(calls: readonly Call[]): string[]
}

/** By their names: what each of them is in the log. `undefined`: depends on its flags. */
const CHANGING: Readonly<Record<string, CallKind>> = {
  creat: 'create',
  write: 'write',
  pwrite64: 'write',
  writev: 'write',
  pwritev: 'write',
  pwritev2: 'write',
  copy_file_range: 'copy',
  sendfile: 'copy',
  splice: 'copy',
  truncate: 'truncate',
  ftruncate: 'truncate',
  fallocate: 'allocate',
  fsync: 'sync',
  fdatasync: 'sync',
  syncfs: 'sync',
  sync_file_range: 'sync-range',
  rename: 'rename',
  renameat: 'rename',
  renameat2: 'rename',
  link: 'link',
  linkat: 'link',
  symlink: 'symlink',
  symlinkat: 'symlink',
  unlink: 'unlink',
  unlinkat: 'unlink',
  mkdir: 'mkdir',
  mkdirat: 'mkdir',
  rmdir: 'rmdir',
  mknod: 'mknod',
  mknodat: 'mknod',
  chmod: 'chmod',
  fchmod: 'chmod',
  fchmodat: 'chmod',
  chown: 'chown',
  lchown: 'chown',
  fchown: 'chown',
  fchownat: 'chown',
  utime: 'utimes',
  utimes: 'utimes',
  futimesat: 'utimes',
  utimensat: 'utimes',
  setxattr: 'setxattr',
  fsetxattr: 'setxattr',
  mount: 'mount',
  umount: 'umount',
  umount2: 'umount',
}

/** Calls that only look, lock, or lead to a file. Any other that names a file there is one that nobody thought of. */
const LOOKING =
  /^(access|chdir|close|copy_file|dup|dup2|dup3|epoll_\w+|execve|faccessat2?|fadvise64|fchdir|fcntl|f?getxattr|f?listxattr|flock|fstat|fstatfs|getcwd|getdents64|inotify_\w+|ioctl|lgetxattr|llistxattr|lseek|lstat|mmap|newfstatat|open|openat|pread64|preadv|read|readlink|readlinkat|readv|stat|statfs|statx|pidfd_open|poll|name_to_handle_at)$/

export function createWitness(roots: Readonly<Record<string, string>>): Witness {
  const folder = mkdtempDisposableSync('/dev/shm/devshm-strace-')
  const folders = Object.values(roots)
  return {
    wrapper: ['strace', '-ff', '-y', '-qq', '-s', '0', '-e', 'signal=none', '-o', join(folder.path, 's')],
    missedIn(calls) {
      const logged = Map.groupBy(calls, ({ kind, path }) => `${kind} ${path}`)
      const lines = readdirSync(folder.path).flatMap((name) =>
        readFileSync(join(folder.path, name), 'utf8').split('\n'),
      )
      const seen = Map.groupBy(
        lines.map((line) => eventIn(line, folders)).filter((event) => event !== undefined),
        (event) => event,
      )
      return [...seen].flatMap(([event, times]) => {
        const count = logged.get(event)?.length ?? 0
        return times.length > count ? [`${times.length - count} of ${times.length}: ${event}`] : []
      })
    },
    [Symbol.dispose]: () => folder.remove(),
  }
}

/** `kind path` of a line of strace, if it is of a call that changes something in the folders. */
function eventIn(line: string, folders: readonly string[]): string | undefined {
  const [, name = '', rest = ''] = /^(\w+)\((.*)$/.exec(line) ?? []
  if (!folders.some((folder) => line.includes(folder))) return undefined
  const kind = kindOf(name, rest)
  if (kind === 'looking') return undefined
  const paths = pathsIn(name, rest)
  const changed = name === 'copy_file_range' || name === 'splice' ? paths.at(-1) : paths[0]
  const all = kind === 'rename' || kind === 'link' ? paths : [changed ?? '']
  const isInside = all.some((path) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)))
  if (kind === undefined) return `unknown: ${line}`
  return isInside ? `${kind} ${all[0] ?? ''}` : undefined
}

function kindOf(name: string, rest: string): CallKind | 'looking' | undefined {
  if (name === 'open' || name === 'openat') {
    if (rest.includes('O_CREAT') || rest.includes('O_TMPFILE')) return 'create'
    return rest.includes('O_TRUNC') ? 'empty' : 'looking'
  }
  if (name === 'ioctl') return rest.includes('FICLONE') ? 'clone' : 'looking'
  if (name === 'unlinkat' && rest.includes('AT_REMOVEDIR')) return 'rmdir'
  return CHANGING[name] ?? (LOOKING.test(name) ? 'looking' : undefined)
}

/** The files that a call names, absolute: of `unlinkat(5</a>, "b", 0)` it is `/a/b`, of `fsync(7</a>)` it is `/a`. */
function pathsIn(name: string, rest: string): string[] {
  const paths: string[] = []
  let base: string | undefined
  const isAt = name.endsWith('at') || name === 'renameat2'
  for (const [, folder, , text] of rest.matchAll(/(?:AT_FDCWD|\d+)<([^>]*)>(\(deleted\))?|"([^"]*)"/g)) {
    if (text === undefined) {
      if (base !== undefined) paths.push(base)
      base = folder
      if (!isAt) {
        paths.push(folder ?? '')
        base = undefined
      }
    } else {
      paths.push(normalize(text.startsWith('/') ? text : `${base ?? ''}/${text}`))
      base = undefined
    }
  }
  if (base !== undefined) paths.push(base)
  const isSourceFirst = name === 'symlink' || name === 'symlinkat'
  return isSourceFirst ? paths.slice(-1) : paths
}
