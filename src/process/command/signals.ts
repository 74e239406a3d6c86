import type { ChildProcess } from 'node:child_process'
import { passSignalsTo } from './pass-signals.ts'
import type { SignalPassing } from './pass-signals.ts'

/** What asks a program to end: from the terminal (INT, QUIT), its closing (HUP), or `kill` (TERM). */
const watchedSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

/** Nobody sees the command end, or the effect of a key, and decides anew in this time. */
const reactionMs = 200

export interface SignalWatch extends Disposable {
  /** Every signal that arrived since the watch began, in order. */
  readonly received: readonly NodeJS.Signals[]
  /** Whether this signal arrived within the last so many milliseconds. */
  arrivedWithin(signal: NodeJS.Signals, ms: number): boolean
  /**
   * From now on the running child gets each signal exactly once: those that only devshm got are passed on.
   * Before this, signals are only noted; whether to start a command after one is up to the caller.
   */
  passOnTo(child: ChildProcess): void
  /**
   * From now on nothing is passed on: the command has ended, and devshm is saving. `onSignal` is called on each
   * further signal that can be a new decision of a person. So a SIGINT that is told here is a *second* Ctrl-C if
   * `received` had one before. What is only noted in `received`:
   *
   * - any signal within 200 ms of this call: the one that ended the command may be seen later than its end;
   * - an echo, the same signal within 200 ms of the last one, as from a parent such as npm or GNU timeout, which
   *   passes on what the terminal or itself has sent to the whole group already.
   */
  afterCommand(onSignal: (signal: NodeJS.Signals) => void): void
}

/**
 * Take over SIGINT, SIGTERM, SIGHUP and SIGQUIT until disposed; after that they have their default effect again.
 *
 * SIGTSTP, SIGCONT and SIGSTOP are left alone: Ctrl-Z stops devshm together with the command, `fg` continues
 * both. Node resets a disposition that was inherited as ignored, so under nohup SIGHUP is not ignored.
 * Signals are handled by the event loop: synchronous work delays them.
 */
export function watchSignals(): SignalWatch {
  const received: NodeJS.Signals[] = []
  const lastArrival = new Map<NodeJS.Signals, number>()
  let passing: SignalPassing | undefined
  let onArrival: ((signal: NodeJS.Signals, isEcho: boolean) => void) | undefined

  const arrive = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    const isEcho = now - (lastArrival.get(signal) ?? Number.NEGATIVE_INFINITY) < reactionMs
    lastArrival.set(signal, now)
    received.push(signal)
    onArrival?.(signal, isEcho)
  }

  const stopPassingOn = (): void => {
    passing?.[Symbol.dispose]()
    passing = undefined
    onArrival = undefined
  }

  for (const signal of watchedSignals) process.on(signal, arrive)

  return {
    received,
    arrivedWithin: (signal, ms) => performance.now() - (lastArrival.get(signal) ?? Number.NEGATIVE_INFINITY) < ms,
    passOnTo(child) {
      stopPassingOn()
      const current = passSignalsTo(child)
      passing = current
      onArrival = (signal) => current.passOn(signal)
    },
    afterCommand(onSignal) {
      stopPassingOn()
      const endedAt = performance.now()
      onArrival = (signal, isEcho) => {
        if (!isEcho && performance.now() - endedAt >= reactionMs) onSignal(signal)
      }
    },
    [Symbol.dispose]() {
      stopPassingOn()
      for (const signal of watchedSignals) process.off(signal, arrive)
    },
  }
}
