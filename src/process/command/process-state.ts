import { readFileSync } from 'node:fs'
import { constants } from 'node:os'

/** `'unknown'` where the system has no `/proc`. */
export type SignalState = 'pending' | 'not pending' | 'process ended' | 'unknown'

/**
 * Whether a signal was sent to a process that has not come to take it yet, because it is stopped or the
 * machine is busy. A process that has ended is told as such, also before its parent has collected it.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export function signalStateOf(pid: number, signal: NodeJS.Signals): SignalState {
  const status = readOrUndefined(`/proc/${pid}/status`)
  if (status === undefined) return 'unknown'
  const bit = 1n << BigInt(constants.signals[signal] - 1)
  const sets = [...status.matchAll(/^(?:SigPnd|ShdPnd):\t([0-9a-f]+)$/gm)].map(([, hex]) => BigInt(`0x${hex}`))
  if (sets.some((pending) => (pending & bit) !== 0n)) return 'pending'
  return /^State:\t[ZX]/m.test(status) ? 'process ended' : 'not pending'
}

/**
 * Whether a process has left the process group of this one, as an interactive shell does: a signal to our
 * group then does not reach it. `false` where the system has no `/proc`.
 */
export function hasLeftOurGroup(pid: number): boolean {
  const ours = processGroupOf('self')
  const theirs = processGroupOf(pid)
  return ours !== undefined && theirs !== undefined && ours !== theirs
}

function processGroupOf(pid: number | 'self'): string | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`)
  // The second field is the program's name in brackets, which may itself hold blanks and brackets.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[2]
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
