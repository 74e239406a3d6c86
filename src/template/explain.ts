import type { Cache } from './cache.ts'
import { findStart } from './continue-from.ts'
import { compareInputs } from './inputs/compare-inputs.ts'
import { whyNotContinue } from './inputs/continuation.ts'
import { listLayers, readLayer, type Layer } from './layer.ts'
import type { Plan, PlannedLayer } from './plan.ts'

/** What became of one step's layer, and what decided that. Paths are relative to the project's folder. */
export interface Explanation {
  readonly run: string
  readonly fingerprint: string
  readonly isCached: boolean
  /** Of the cached layer. */
  readonly builtAt?: string
  readonly inputCount: number
  /** For a miss: what differs from the cached layer that is most like it. */
  readonly differs?: Difference
  /** For a miss of an incremental step: when the older state was built that it will start from, or why there is none. */
  readonly continues?: { readonly from: string } | { readonly whyNot: string }
}

export interface Difference {
  /** When the layer that it is compared with was built. */
  readonly since: string
  readonly isBelowAnother: boolean
  readonly isCommandAnother: boolean
  readonly variables: readonly string[]
  /** `+ name version` and `- name version`. */
  readonly packages: readonly string[]
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

/** Why each layer of a plan is a hit or a miss. Changes nothing. */
export function explain(cache: Cache, plan: Plan): Explanation[] {
  const layers = listLayers(cache)
  return plan.layers.map((planned) => {
    const { run, fingerprint, inputs } = planned
    const cached = readLayer(cache, fingerprint)
    const common = { run, fingerprint, inputCount: inputs.length }
    if (cached !== undefined) return { ...common, isCached: true, builtAt: cached.builtAt }
    const like = mostLike(layers, planned, plan.root)
    return {
      ...common,
      isCached: false,
      ...(like === undefined ? {} : { differs: compare(like, planned) }),
      ...(planned.isIncremental ? { continues: continuation(cache, planned, plan, like) } : {}),
    }
  })
}

/** The newest of the same step in the same project, else of the same command anywhere. */
function mostLike<Candidate extends Layer>(
  layers: readonly Candidate[],
  { run, index }: PlannedLayer,
  root: string,
): Candidate | undefined {
  const newestFirst = layers.toSorted((a, b) => (a.builtAt < b.builtAt ? 1 : -1))
  const here = newestFirst.filter((layer) => layer.root === root)
  return (
    here.find((layer) => layer.run === run) ??
    here.find((layer) => layer.index === index) ??
    newestFirst.find((layer) => layer.run === run && layer.index === index)
  )
}

function compare(like: Layer, planned: PlannedLayer): Difference {
  const names = new Set([...Object.keys(like.variables), ...Object.keys(planned.variables)])
  return {
    since: like.builtAt,
    isBelowAnother: like.below !== planned.below,
    isCommandAnother: like.run !== planned.run,
    variables: [...names].filter((name) => like.variables[name] !== planned.variables[name]).toSorted(),
    packages: [
      ...planned.packages.filter((name) => !like.packages.includes(name)).map((name) => `+ ${name}`),
      ...like.packages.filter((name) => !planned.packages.includes(name)).map((name) => `- ${name}`),
    ],
    ...compareInputs(like.inputs, planned.inputs),
  }
}

function continuation(
  cache: Cache,
  planned: PlannedLayer,
  plan: Plan,
  like: Layer | undefined,
): NonNullable<Explanation['continues']> {
  const start = findStart(cache, planned, plan.framework)
  if (start !== undefined) return { from: start.builtAt }
  if (like === undefined) return { whyNot: 'nothing is cached yet' }
  if (like.lineage !== planned.lineage) {
    return { whyNot: 'the command, the variables, the packages or what is below changed' }
  }
  return { whyNot: whyNotContinue(like.inputs, planned.inputs, plan.framework ?? {}) ?? 'nothing is cached yet' }
}
