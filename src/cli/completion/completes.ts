import type { Argument, Option } from 'commander'

/** What a shell offers for an argument or an option's value; files are offered where nothing else fits. */
export type Completes = 'snapshots' | 'databases' | 'files' | 'command' | readonly string[]

const COMPLETES = new WeakMap<Argument | Option, Completes>()

/** Say it where the argument or option is defined, so that both are one definition. */
export function completing<Of extends Argument | Option>(completes: Completes, what: Of): Of {
  COMPLETES.set(what, completes)
  return what
}

export function completesOf(what: Argument | Option): Completes {
  return COMPLETES.get(what) ?? what.argChoices ?? []
}
