import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createFolderOnDisk } from '../../support/django/disk-folder.ts'

export interface Mount extends Disposable {
  readonly path: string
}

/** A RAM-backed folder of that size. Only where {@link canMount}. */
export function mountRam(bytes: number): Mount {
  return mountAt((folder) => ['-t', 'tmpfs', '-o', `size=${bytes},mode=1777`, 'none', folder])
}

/** An ext4 file system of that size, in a file on disk. Only where {@link canMount}. */
export function mountDisk(bytes: number): Mount {
  return mountImage(bytes, ['mkfs.ext4', '-q', '-F', '-m', '0'])
}

/** An XFS file system, whose files can be clones of each other; `undefined` where there can be none. */
export function mountSharing(): Mount | undefined {
  try {
    // The least that it can be; on disk it takes what is written.
    return mountImage(320_000_000, ['mkfs.xfs', '-q', '-f'])
  } catch {
    return undefined
  }
}

function mountImage(bytes: number, [program = '', ...args]: readonly string[]): Mount {
  using resources = new DisposableStack()
  const image = join(resources.use(createFolderOnDisk('devshm-image-')).path, 'disk.img')
  execFileSync('truncate', ['-s', String(bytes), image])
  execFileSync(program, [...args, image], { stdio: 'pipe' })
  const { path } = resources.use(mountAt((folder) => ['-o', 'loop', image, folder]))
  const moved = resources.move()
  return { path, [Symbol.dispose]: () => moved.dispose() }
}

/** Whether file systems can be mounted here: root, outside of most containers. */
export function canMount(): boolean {
  try {
    using _disk = mountDisk(4_000_000)
    return true
  } catch {
    return false
  }
}

function mountAt(args: (folder: string) => string[]): Mount {
  using resources = new DisposableStack()
  const { path } = resources.use(createFolderOnDisk('devshm-mount-'))
  execFileSync('mount', args(path), { stdio: 'pipe' })
  resources.defer(() => execFileSync('umount', ['-l', path]))
  const moved = resources.move()
  return { path, [Symbol.dispose]: () => moved.dispose() }
}
