import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import process from 'node:process'

interface Relation {
  readonly pid: number
  readonly parent: number
  /** The session on Linux, the process group elsewhere: what a leader leaves to its children when it dies. */
  readonly family: number
}

/**
 * `leader` and everything it started, parents first. `leader` must have been started as the leader of its own session,
 * so that what outlived it is found as well.
 */
export function familyOf(leader: number, leaderEnded: boolean): number[] {
  const everyone = listProcesses()
  // A number is not given away while its session has members: whoever has it now began anew, and is no relative.
  if (leaderEnded && everyone.some(({ pid }) => pid === leader)) return []
  const found = new Set([leader])
  for (let before = 0; before < found.size;) {
    before = found.size
    for (const { pid, parent, family } of everyone) if (found.has(parent) || family === leader) found.add(pid)
  }
  if (leaderEnded) found.delete(leader)
  return [...found]
}

/** Send a signal to processes that may end at any moment. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself.
    }
  }
}

function listProcesses(): Relation[] {
  return process.platform === 'linux' ? readProc() : askPs()
}

function readProc(): Relation[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids.flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [, parent, , session] = line.slice(line.lastIndexOf(')') + 2).split(' ')
      return [{ pid: Number(pid), parent: Number(parent), family: Number(session) }]
    } catch {
      return []
    }
  })
}

function askPs(): Relation[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid, parent, family] = line.trim().split(/\s+/).map(Number)
    return { pid: pid ?? -1, parent: parent ?? -1, family: family ?? -1 }
  })
}
