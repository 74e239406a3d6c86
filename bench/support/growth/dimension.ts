import type { Curves } from '../plots/plot.ts'
import type { Place } from '../place.ts'
import type { Contender } from '../rounds.ts'
import type { Bench } from '../suite.ts'

/** Something that a project may have more or less of, and what may grow with it. */
export interface Dimension {
  readonly x: string
  readonly sizes: readonly number[]
  /** For a look at it: the smallest and one more. */
  readonly quickSizes: readonly number[]
  readonly plots: readonly Growth[]
  /** What is measured at one size, in a place of its own. */
  contendersAt(size: number, place: Place, bench: Bench): Promise<Contenders>
}

export interface Contenders extends AsyncDisposable {
  readonly contenders: readonly Contender[]
}

interface Growth extends Pick<Curves, 'file' | 'title' | 'unit'> {
  readonly ways: readonly Way[]
}

interface Way {
  readonly label: string
  readonly isOurs?: boolean
  readonly contender: string
  /** `ms` unless it says otherwise. */
  readonly quantity?: string
}

/** Contenders that leave nothing to clean up. */
export function plainly(contenders: readonly Contender[]): Contenders {
  return { contenders, [Symbol.asyncDispose]: () => Promise.resolve() }
}
