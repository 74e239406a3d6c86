import type { ChildProcess } from 'node:child_process'
import { hasLeftOurGroup } from './process-state.ts'
import { postSentinel } from './sentinel.ts'
import type { Sentinel } from './sentinel.ts'

/** When the sentinel is posted, in milliseconds after the command's start: sooner than anybody can press a key. */
const POST_AFTER_MS = 10

export interface SignalPassing extends Disposable {
  /** Tell of a signal that devshm received: the child gets it now if it did not get it by itself. */
  passOn(signal: NodeJS.Signals): void
}

/**
 * See to it that a running child gets each signal that devshm gets exactly once.
 *
 * A Ctrl-C is sent by the kernel to the whole foreground group, so the child has it already; `kill PID` reaches
 * devshm alone. Node does not tell the sender, so a sentinel in the same group is looked at: if the signal hit it
 * too, the child got it. What cannot be told is decided so that no signal is lost:
 *
 * - in the {@link POST_AFTER_MS} before the first sentinel is posted, and for a signal of another name in the
 *   milliseconds until a fallen one is replaced, the signal is passed on;
 * - a signal of the same name within these milliseconds (a second hit, or GNU timeout, which signals first its
 *   child and then the group) counts as sent to the group: the child never gets more than without devshm.
 */
export function passSignalsTo(child: ChildProcess): SignalPassing {
  let sentinel: Sentinel | undefined
  let isOver = false

  const post = (): Sentinel => {
    const next = postSentinel()
    void next.fallen.then((signal) => {
      // One that ended otherwise (no /bin/sh, no room for a process) would only end again.
      if (signal !== null && !isOver) replace()
    })
    return next
  }

  const replace = (): void => {
    const next = post()
    // Signals that came before it stood may still be queued for this turn of the event loop or the next, and it
    // knows nothing of them: until then the fallen one answers.
    setImmediate(() =>
      setImmediate(() => {
        if (isOver) next[Symbol.dispose]()
        else sentinel = next
      }),
    )
  }

  // Starting a process takes milliseconds, and many a command is over before that.
  const posting = setTimeout(() => {
    sentinel = post()
  }, POST_AFTER_MS)

  const gotItAlready = async (signal: NodeJS.Signals): Promise<boolean> => {
    if (child.pid === undefined || sentinel === undefined || hasLeftOurGroup(child.pid)) return false
    return await sentinel.wasHitBy(signal)
  }

  return {
    passOn(signal) {
      void gotItAlready(signal).then((got) => {
        if (!got && !isOver) child.kill(signal)
      })
    },
    [Symbol.dispose]() {
      isOver = true
      clearTimeout(posting)
      sentinel?.[Symbol.dispose]()
    },
  }
}
