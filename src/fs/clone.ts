import { statSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/** Those that share blocks between files: btrfs, XFS, bcachefs, ZFS. @see statfs(2) */
const SHARING: ReadonlySet<number> = new Set([0x91_23_68_3e, 0x58_46_53_42, 0xca_45_1a_4e, 0x2f_c1_2f_c1])

/** Smaller files are copied sooner than a process is started, in bytes. */
const WORTHWHILE = 4_000_000

/**
 * Make `to` a clone of `from`: of the same blocks, until one of the two is written to, so at once whatever their size. In
 * a process of its own, because opening a database and closing it would drop this one's locks on it.
 *
 * `to` must be there, and keeps its permissions.
 *
 * @returns false where that cannot be done (on Linux, by some file systems) or is not worthwhile; what is in `to` means
 *   nothing then
 */
export async function tryToClone(from: string, to: string): Promise<boolean> {
  if (process.platform !== 'linux' || !isWorthwhile(from, to)) return false
  // Loaded only where a process is started.
  const [{ execFile }, { promisify }] = await Promise.all([import('node:child_process'), import('node:util')])
  try {
    await promisify(execFile)('cp', ['--reflink=always', '--', from, to])
    return true
  } catch {
    // No such program, or XFS made without it: there is another way.
    return false
  }
}

function isWorthwhile(from: string, to: string): boolean {
  const stats = statSync(from)
  const folder = dirname(to)
  return stats.size >= WORTHWHILE && statSync(folder).dev === stats.dev && SHARING.has(statfsSync(folder).type)
}
