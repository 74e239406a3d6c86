import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCodeOf } from '../errors.ts'

/** How long a server may take to end by itself, in milliseconds. */
const GRACE_MS = 5_000

/** How much of what a server prints is kept, in characters. */
const OUTPUT_LENGTH = 20_000

/**
 * Becomes the command `$1`, and leaves a guard in its process group that ends the group when descriptor 3 is closed at the
 * other end: by whoever started it, or because that process was killed.
 */
const GUARDED = `
(trap '' TERM HUP INT; cat <&3; kill -TERM 0; sleep ${GRACE_MS / 1_000}; kill -KILL 0) >/dev/null 2>&1 &
exec 3<&-
exec sh -c "$1"
`

export interface ServerProcess extends AsyncDisposable {
  /** Whether the command itself has ended. */
  readonly hasEnded: boolean
  /** The end of what it printed, both streams. */
  readonly output: string
}

/**
 * Run a command line in a process group of its own, which ends with this process at the latest, however that ends.
 * Disposing asks the whole group to end, and kills what has not after 5 seconds.
 */
export function startServerProcess(command: string, cwd: string, env: NodeJS.ProcessEnv): ServerProcess {
  const child = spawn('/bin/sh', ['-c', GUARDED, 'sh', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_LENGTH)
    })
  }
  child.once('error', (error) => {
    output += error.message
  })
  const exit = once(child, 'exit').catch(() => undefined)
  // All that hold its output have ended.
  const closed = once(child, 'close').catch(() => undefined)
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null
  const signal = (name: NodeJS.Signals): void => {
    try {
      // The guard lives until it is killed here, so the group cannot be another one by now.
      if (child.pid !== undefined) process.kill(-child.pid, name)
    } catch (error) {
      // Unless the group has killed itself, guard and all.
      if (systemCodeOf(error) !== 'ESRCH') throw error
    }
  }
  return {
    get hasEnded() {
      return hasEnded()
    },
    get output() {
      return output
    },
    async [Symbol.asyncDispose]() {
      if (!hasEnded()) {
        signal('SIGTERM')
        await Promise.race([exit, sleep(GRACE_MS, undefined, { ref: false })])
      }
      signal('SIGKILL')
      await Promise.race([closed, sleep(GRACE_MS, undefined, { ref: false })])
    },
  }
}
