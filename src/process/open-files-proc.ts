import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { systemCodeOf } from '../errors.ts'
import { inodeOf, type Inode } from '../fs/look.ts'

/**
 * Which of `files` are open, and in which processes (pids), from `/proc/PID/fd`.
 *
 * Reading a link is several times cheaper than a stat, and most descriptors are sockets, pipes and terminals, so only
 * what a link shows as a path is looked at by device and inode. Synchronous: an asynchronous walk of thousands of tiny
 * kernel files costs ten times as much.
 */
export function openInProc(files: ReadonlySet<Inode>): Map<number, Set<Inode>> {
  const found = new Map<number, Set<Inode>>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const open = openIn(pid, files)
    if (open.size > 0) found.set(Number(pid), open)
  }
  return found
}

function openIn(pid: string, files: ReadonlySet<Inode>): Set<Inode> {
  const folder = `/proc/${pid}/fd`
  const open = new Set<Inode>()
  for (const fd of descriptorsIn(folder)) {
    const target = targetOf(`${folder}/${fd}`)
    // The kernel refuses a process as a whole, and a refusal costs as much as ten looks.
    if (target === 'denied') break
    const inode = mayBeFile(target) ? inodeBehind(`${folder}/${fd}`) : undefined
    if (inode !== undefined && files.has(inode)) open.add(inode)
  }
  return open
}

/** What a descriptor leads to; empty if it was closed, or its process ended, between the listing and the look. */
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(descriptor)
  } catch (error) {
    return systemCodeOf(error) === 'EACCES' ? 'denied' : ''
  }
}

function inodeBehind(descriptor: string): Inode | undefined {
  try {
    return inodeOf(statSync(descriptor, { bigint: true }))
  } catch {
    // Closed since, or a file that even its descriptor's owner may not look at (FUSE): not one of ours.
    return undefined
  }
}

function descriptorsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Another user's process, or one that has just ended.
    return []
  }
}

function mayBeFile(target: string): boolean {
  return target.startsWith('/') && !target.startsWith('/dev/pts/') && target !== '/dev/null'
}
