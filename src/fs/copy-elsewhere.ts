import { closeSync, fstatSync, openSync, statSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { toolPath } from './tool-path.ts'

/** Those that share blocks between files: btrfs, XFS, bcachefs, ZFS. @see statfs(2) */
const SHARING: ReadonlySet<number> = new Set([0x91_23_68_3e, 0x58_46_53_42, 0xca_45_1a_4e, 0x2f_c1_2f_c1])

/** Smaller files are copied sooner than a process is started, in bytes. */
const WORTHWHILE = 4_000_000

/** How often a copy is asked how far it is, in milliseconds. */
const LOOK_EVERY_MS = 50

/** What it is given as its standard output, as a path. */
const OUTPUT = '/proc/self/fd/1'

/**
 * Copy the bytes of a file into another one that is there, and keeps its permissions: as a clone, of the same blocks,
 * where the file system can, else by the kernel at memory speed. In a process of its own, because opening a database
 * and closing it would drop this one's locks on it (POSIX).
 *
 * Interrupts of a terminal do not reach that process. It ends with this one, wherever there is `setpriv` (util-linux);
 * otherwise it may go on until it has copied, and has `from` open until then.
 *
 * @param onBytes told how much there is now and then
 * @returns false where that cannot be done or is not worthwhile; what is in `to` means nothing then
 */
export async function copyElsewhere(from: string, to: string, onBytes?: (bytes: number) => void): Promise<boolean> {
  const { size, dev } = statSync(from)
  if (process.platform !== 'linux' || size < WORTHWHILE) return false
  const folder = dirname(to)
  const canShare = statSync(folder).dev === dev && SHARING.has(statfsSync(folder).type)
  // By its descriptor and not by its name: should this process be killed, a later one may give the name to another file.
  const file = openSync(to, 'r+')
  const looking = onBytes && setInterval(() => onBytes(fstatSync(file).size), LOOK_EVERY_MS)
  try {
    if (canShare && (await succeeds('cp', ['--reflink=always', '--', from, OUTPUT], file))) return true
    if (await succeeds('setpriv', ['--pdeathsig', 'KILL', 'cat', '--', from], file)) return true
    // Without that program, or with one that cannot do it (BusyBox), nothing was written.
    return fstatSync(file).size === 0 && (await succeeds('cat', ['--', from], file))
  } finally {
    clearInterval(looking)
    closeSync(file)
  }
}

async function succeeds(program: string, args: readonly string[], output: number): Promise<boolean> {
  // Loaded only where a process is started.
  const { spawn } = await import('node:child_process')
  try {
    const child = spawn(program, args, {
      stdio: ['ignore', output, 'ignore'],
      detached: true,
      env: { ...process.env, PATH: toolPath(process.env) },
    })
    return await new Promise((resolve) => {
      // No such program, or one that cannot do this: there is another way.
      child.once('error', () => resolve(false))
      child.once('exit', (code) => resolve(code === 0))
    })
  } catch {
    // Of some failures to start (no memory, a link that leads to itself), Node tells by throwing.
    return false
  }
}
