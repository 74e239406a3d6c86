import { DevshmError } from '../../errors.ts'

const INTERRUPTING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

export interface Interrupts extends Disposable {
  /** Aborted, with a {@link DevshmError} as the reason, by the first signal that asks this process to end. */
  readonly signal: AbortSignal
}

/** What is said to whoever has interrupted. */
export interface InterruptWords {
  readonly message: string
  readonly hint: string
}

const OF_A_BUILD: InterruptWords = {
  message: 'interrupted; no template was made',
  hint: 'nothing was changed; run the same command again to build it',
}

/** Take over the signals that end a process, so that what was begun is cleared away first. */
export function watchInterrupts({ message, hint }: InterruptWords = OF_A_BUILD): Interrupts {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals): void => {
    controller.abort(new DevshmError('INTERRUPTED', message, { hint, details: { signal: name } }))
  }
  for (const name of INTERRUPTING) process.on(name, onSignal)
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of INTERRUPTING) process.off(name, onSignal)
    },
  }
}
