import { constants } from 'node:os'

/** The exit status of a command that a signal ended, as a shell reports it: 128 + n. */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
