import type { Bundle } from './bundle.ts'
import type { Report } from './report.ts'

export interface Bench {
  readonly runs: number
  /** Smaller databases and fewer rows: to see that it works, not for numbers. */
  readonly isQuick: boolean
  readonly devshm: Bundle['devshm']
}

export interface Suite {
  readonly name: string
  run(bench: Bench): Promise<Report>
}
