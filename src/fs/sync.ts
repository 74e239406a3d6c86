import { closeSync, fsync, openSync } from 'node:fs'
import { systemCodeOf } from '../errors.ts'

// Only the sync itself waits for the disk, and so must not block: opening and closing take microseconds.

/** Force a file's content to the disk. The path must not be a database that this process has open (POSIX locks). */
export async function syncFile(path: string): Promise<void> {
  // Read-write, because some file systems ignore fsync of a read-only descriptor.
  const file = openSync(path, 'r+')
  try {
    await syncDescriptor(file)
  } finally {
    closeSync(file)
  }
}

/** Force a folder's entries (a rename, a link, a removal) to the disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = openSync(path, 'r')
  try {
    await syncDescriptor(directory)
  } catch (error) {
    // Some file systems (9p, some FUSE ones) have no fsync for folders and say so; their renames are as durable as they get.
    const code = systemCodeOf(error)
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EISDIR') throw error
  } finally {
    closeSync(directory)
  }
}

/** Force what was written through a descriptor to the disk. */
export async function syncDescriptor(descriptor: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    fsync(descriptor, (error) => {
      if (error === null) resolve()
      else reject(error)
    })
  })
}
