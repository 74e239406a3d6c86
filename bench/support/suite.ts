import type { Bundle } from './bundle.ts'
import type { Report } from './report.ts'
import type { Contender, Results } from './rounds.ts'

export interface Bench {
  readonly runs: number
  /** Smaller databases and fewer rows: to see that it works, not for numbers. */
  readonly isQuick: boolean
  readonly devshm: Bundle['devshm']
  /** In rounds, {@link runs} of them unless it is said; what fails or cannot be had is noted, and the rest goes on. */
  measure(contenders: readonly Contender[], runs?: number): Promise<Results>
  /** A part that the others do not depend on, such as one size of several: if it fails, that is noted. */
  attempt<T>(what: string, part: () => Promise<T>): Promise<T | undefined>
}

export interface Suite {
  readonly name: string
  run(bench: Bench): Promise<Report>
}
