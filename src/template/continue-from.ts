import type { Cache } from './cache.ts'
import type { Framework } from './framework.ts'
import { whyNotContinue } from './inputs/continuation.ts'
import { listLayers, type Layer } from './layer.ts'
import type { PlannedLayer } from './plan.ts'

/**
 * The newest cached layer that an incremental step may start from: of the same lineage, with inputs that are a part of
 * today's with equal content, and nothing that is new before what was applied.
 */
export function findStart(cache: Cache, planned: PlannedLayer, framework: Framework | undefined): Layer | undefined {
  if (!planned.isIncremental) return undefined
  return listLayers(cache)
    .filter(({ lineage }) => lineage === planned.lineage)
    .toSorted((a, b) => (a.builtAt < b.builtAt ? 1 : -1))
    .find(({ inputs }) => whyNotContinue(inputs, planned.inputs, framework ?? {}) === undefined)
}

/** Whether there is anything for an incremental step to do that was not done in the layer that it starts from. */
export function hasPending(start: Layer | undefined, { inputs }: PlannedLayer): boolean {
  const done = new Set(start?.inputs.map(({ path }) => path))
  return inputs.some(({ path, role }) => role === 'ordered' && !done.has(path))
}
