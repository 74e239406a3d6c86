import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { systemCodeOf } from '../errors.ts'
import { inodeOf, type Inode } from '../fs/look.ts'

/**
 * The processes that have one of `files` open, from `/proc/PID/fd`.
 *
 * Reading a link is several times cheaper than a stat, and most descriptors are sockets, pipes and terminals, so only
 * what a link shows as a path is looked at by device and inode. Synchronous: an asynchronous walk of thousands of tiny
 * kernel files costs ten times as much.
 */
export function openersFromProc(files: ReadonlySet<Inode>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => hasOneOpen(pid, files))
    .map(Number)
}

function hasOneOpen(pid: string, files: ReadonlySet<Inode>): boolean {
  const folder = `/proc/${pid}/fd`
  for (const fd of descriptorsIn(folder)) {
    const target = targetOf(`${folder}/${fd}`)
    // The kernel refuses a process as a whole, and a refusal costs as much as ten looks.
    if (target === 'denied') return false
    if (mayBeFile(target) && isOneOf(files, `${folder}/${fd}`)) return true
  }
  return false
}

/** What a descriptor leads to; empty if it was closed, or its process ended, between the listing and the look. */
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(descriptor)
  } catch (error) {
    return systemCodeOf(error) === 'EACCES' ? 'denied' : ''
  }
}

function isOneOf(files: ReadonlySet<Inode>, descriptor: string): boolean {
  try {
    return files.has(inodeOf(statSync(descriptor, { bigint: true })))
  } catch {
    // Closed since, or a file that even its descriptor's owner may not look at (FUSE): not one of ours.
    return false
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
