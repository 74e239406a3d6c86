import type { SignalWatch } from '../process/command/signals.ts'
import { printNote } from './output.ts'

/** A Ctrl-C this long before the command's end may have ended it; an earlier one was for the command, as in a REPL. */
const ENDED_BY_CTRL_C_MS = 10_000

/**
 * A second Ctrl-C, before or after the command, means now: die of it, without waiting for a slow disk or a lock. What is
 * in RAM stays there, the last save on disk stays whole, and the next command carries on. The other signals come when a
 * terminal closes or the machine goes down; then the save is needed most, and goes on.
 */
export function leaveAtOnceOnSecondInterrupt(signals: SignalWatch, afterTheFirst: string, whatIsLeft: string): void {
  let interrupts = signals.arrivedWithin('SIGINT', ENDED_BY_CTRL_C_MS) ? 1 : 0
  signals.afterCommand((signal) => {
    if (signal !== 'SIGINT') return
    interrupts += 1
    if (interrupts < 2) {
      printNote(`devshm: ${afterTheFirst}`)
      return
    }
    printNote(`devshm: left at once; ${whatIsLeft}`)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
