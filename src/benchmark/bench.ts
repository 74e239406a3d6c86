import type { ProjectWithSetup } from '../template/open-project.ts'
import type { Places } from './places.ts'
import type { PartName } from './report.ts'
import type { RoundsOptions } from './rounds.ts'

/** How much is measured. */
export interface Extent {
  /** Rounds of each part; fewer where there is no time for them. */
  readonly runs: number
  /** How long single commits are made for each figure, in milliseconds. */
  readonly commitsForMs: number
  /** For all rounds of a part, in milliseconds. */
  readonly budgetMs: Readonly<Record<PartName, number>>
}

/** What every part is given. */
export interface Bench {
  readonly project: ProjectWithSetup
  readonly env: NodeJS.ProcessEnv
  /** What `--db` said, absolute. */
  readonly db: readonly string[]
  readonly places: Places
  readonly extent: Extent
  /** How to start devshm again. */
  readonly program: readonly string[]
  readonly signal: AbortSignal
  readonly onMeasure: NonNullable<RoundsOptions['onMeasure']>
}

const USUAL: Extent = { runs: 7, commitsForMs: 150, budgetMs: { commits: 15_000, setup: 25_000, tests: 20_000 } }
const QUICK: Extent = { runs: 3, commitsForMs: 50, budgetMs: { commits: 3_000, setup: 6_000, tests: 6_000 } }

const NO_LIMIT = Number.POSITIVE_INFINITY

/** @param runs as many, however long they take */
export function extentOf({ quick, runs }: { readonly quick: boolean; readonly runs?: number | undefined }): Extent {
  const extent = quick ? QUICK : USUAL
  if (runs === undefined) return extent
  return { ...extent, runs, budgetMs: { commits: NO_LIMIT, setup: NO_LIMIT, tests: NO_LIMIT } }
}

export function roundsOptions({ extent, signal, onMeasure }: Bench, part: PartName): RoundsOptions {
  return { runs: extent.runs, budgetMs: extent.budgetMs[part], signal, onMeasure }
}
