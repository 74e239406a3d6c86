import { readFileSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import { systemCodeOf } from '../errors.ts'

export interface Mount {
  readonly mountPoint: string
  /** `ext4`, `tmpfs`, `nfs4`, `fuse.sshfs` … */
  readonly type: string
  readonly source: string
  readonly isReadOnly: boolean
  /** Of the file system itself: `size=1024k`, `noswap` … */
  readonly options: readonly string[]
}

/** What is mounted where, in the order in which it was mounted; empty where the system does not tell (macOS). */
export function readOwnMounts(): Mount[] {
  try {
    return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
export function parseMountInfo(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    // A number of optional fields ends with a single dash.
    const [place, device] = line.split(' - ')
    const [, , , , mountPoint, own = ''] = place?.split(' ') ?? []
    const [type, source = '', superOptions = ''] = device?.split(' ') ?? []
    if (mountPoint === undefined || type === undefined) return []
    const options = superOptions.split(',')
    const isReadOnly = own.split(',').includes('ro') || options.includes('ro')
    return [{ mountPoint: unescaped(mountPoint), type, source: unescaped(source), isReadOnly, options }]
  })
}

/** The mount that a path (absolute, without links) is on: the deepest one, and of several on one place the last. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let deepest: Mount | undefined
  for (const mount of mounts) {
    if (!contains(mount.mountPoint, path)) continue
    if (deepest === undefined || mount.mountPoint.length >= deepest.mountPoint.length) deepest = mount
  }
  return deepest
}

function contains(folder: string, path: string): boolean {
  const rest = relative(folder, path)
  return rest !== '..' && !rest.startsWith('../') && !isAbsolute(rest)
}

/** Spaces, tabs, line ends and backslashes are written in octal. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
