import { spawn, type ChildProcess } from 'node:child_process'
import { signalStateOf } from './process-state.ts'

/**
 * How long a signal to the whole group may take from us to the sentinel. The kernel signals all members in one
 * go, so where `/proc` can be asked microseconds would do; elsewhere the sentinel has to be seen ending.
 */
const graceMs = process.platform === 'linux' ? 40 : 150

/**
 * A tiny process in our process group that does nothing, so that a signal to the whole group can be told from
 * one to devshm alone: only the former hits it.
 */
export interface Sentinel extends Disposable {
  /** The signal that ended the sentinel; `null` if it ended otherwise or could not be started. */
  readonly fallen: Promise<NodeJS.Signals | null>
  /** Whether a signal that devshm has just received hit the sentinel as well. Known within a few dozen milliseconds. */
  wasHitBy(signal: NodeJS.Signals): Promise<boolean>
}

/**
 * Start a sentinel. It ends by itself when devshm dies, however that happens, because its input then closes.
 */
export function postSentinel(): Sentinel {
  // A shell, only to keep SIGQUIT from leaving a core file; in `/`, so that it keeps no folder busy; without
  // our output, so that a pipe behind devshm is not held open by it.
  const guard: ChildProcess = spawn('/bin/sh', ['-c', 'ulimit -c 0; exec cat'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
  })
  guard.unref()
  // There is none if it could not be started.
  guard.stdin?.on('error', () => {
    // It was hit: its `exit` event says so.
  })
  const fallen = new Promise<NodeJS.Signals | null>((resolve) => {
    guard.once('exit', (_code, signal) => resolve(signal))
    guard.once('error', () => resolve(null))
  })
  return {
    fallen,
    async wasHitBy(signal) {
      const fellInTime = await Promise.race([fallen.then(() => true), graceOver()])
      const state = fellInTime || guard.pid === undefined ? 'process ended' : signalStateOf(guard.pid, signal)
      return state === 'process ended' ? (await fallen) === signal : state === 'pending'
    },
    [Symbol.dispose]() {
      guard.kill('SIGKILL')
      guard.stdin?.destroy()
    },
  }
}

function graceOver(): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, graceMs, false).unref())
}
