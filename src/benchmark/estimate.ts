import type { Cache } from '../template/cache.ts'
import { listLayers } from '../template/layer.ts'
import type { Extent } from './bench.ts'
import type { PartName } from './report.ts'

export interface Estimate {
  readonly seconds: number
  /** It is not known how long the set-up takes. */
  readonly isAtMost: boolean
}

/** Figures of the commits, and rounds of other parts, are about so many. */
const COMMIT_ROWS = 6

/** Starting Python and Django, or devshm, for one measurement, in milliseconds. */
const START_MS = 1_000

/** Where nothing is known of the set-up, in milliseconds. */
const UNKNOWN_SETUP_MS = 5_000

/**
 * About how long it takes to measure. What the set-up takes is known from the templates that were built in this project;
 * nothing is looked at but the cache.
 */
export function estimate(parts: readonly PartName[], extent: Extent, cache: Cache, root: string): Estimate {
  const known = lastSetup(cache, root)
  const setupMs = known ?? UNKNOWN_SETUP_MS
  const of: Readonly<Record<PartName, number>> = {
    commits: COMMIT_ROWS * (extent.runs + 1) * extent.commitsForMs,
    setup: inRounds(2 * setupMs + START_MS, 'setup', extent),
    tests: START_MS + setupMs + inRounds(2 * START_MS + setupMs, 'tests', extent),
  }
  const ms = parts.reduce((sum, part) => sum + of[part], 0)
  return { seconds: ms / 1000, isAtMost: known === undefined && parts.some((part) => part !== 'commits') }
}

function inRounds(roundMs: number, part: PartName, { runs, budgetMs }: Extent): number {
  const rounds = runs === 1 ? 1 : 1 + Math.min(runs, Math.max(0, Math.floor(budgetMs[part] / roundMs - 1)))
  return roundMs * rounds
}

/** How long the steps ran that built the newest template of the project, each in full. */
function lastSetup(cache: Cache, root: string): number | undefined {
  const layers = listLayers(cache).filter((layer) => layer.root === root && layer.continuedFrom === undefined)
  const newestFirst = layers.toSorted((a, b) => (a.builtAt < b.builtAt ? 1 : -1))
  const steps = new Map<number, number>()
  for (const { index, ms } of newestFirst) if (!steps.has(index)) steps.set(index, ms)
  return steps.size === 0 ? undefined : [...steps.values()].reduce((sum, ms) => sum + ms, 0)
}
