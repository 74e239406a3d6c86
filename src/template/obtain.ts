import { databaseIn, layerFolder, type Layer } from './layer.ts'
import { DevshmError } from '../errors.ts'
import { explainingFailures } from '../session/explain-failure.ts'
import { buildMissing, type Builder } from './build/build-missing.ts'
import type { Cache } from './cache.ts'
import { sweepBuilds } from './build/workplace.ts'
import { openLayer } from './in-use.ts'
import { topOf, type Plan } from './plan.ts'

export interface Template extends Disposable {
  readonly layer: Layer
  readonly plan: Plan
  /** Whether anything had to be run for it, by this process. */
  readonly wasBuilt: boolean
  /** The file of a database; `undefined`: no step makes it. Read-only, closed, and there until disposed. */
  pathOf(name: string): string | undefined
}

/** How often to build because files changed while a step ran. */
const MOST_TRIES = 3

/**
 * The template of a project as it is now: from the cache, or built. One process builds a layer at a time, whoever else
 * wants it waits for it; nothing is seen of a layer before it is complete. The user's own databases are as before,
 * whatever happens.
 *
 * @param makePlan looks at the project; called again after each step, because files may have changed while it ran
 * @throws {DevshmError} `STEP_FAILED`, `INTERRUPTED`, `IN_USE`, `NO_SPACE`, `IO`
 */
export async function obtainTemplate(
  makePlan: () => Promise<Plan>,
  builder: Builder,
  options: { readonly fromNothing?: boolean } = {},
): Promise<Template> {
  const name = `the template of ${[...builder.contexts.values()].map(({ places }) => places.origin).join(', ')}`
  return await explainingFailures({ origin: name }, () => openOrBuild(makePlan, builder, options))
}

async function openOrBuild(
  makePlan: () => Promise<Plan>,
  builder: Builder,
  options: { readonly fromNothing?: boolean },
): Promise<Template> {
  // A builder that was killed once its layers were complete: nothing has to be built after it, and RAM is not to stay full.
  await sweepBuilds(builder.cache, builder.contexts.values())
  let wasBuilt = false
  let changed: readonly string[] = []
  for (let tries = 0; tries <= MOST_TRIES; tries += 1) {
    const plan = await makePlan()
    const fromNothing = options.fromNothing === true && !wasBuilt
    const found = fromNothing ? undefined : await open(builder.cache, plan, wasBuilt)
    if (found !== undefined) return found
    const outcome = await buildMissing(plan, makePlan, builder, { fromNothing })
    if (outcome === 'built') wasBuilt = true
    if (typeof outcome === 'object') changed = outcome.changed
  }
  throw new DevshmError('STEP_FAILED', `files change while the set-up runs: ${changed.slice(0, 5).join(', ')}`, {
    hint: 'wait until they do not; where a step itself writes them, name the real inputs of the steps in devshm.config.json',
    details: { changed },
  })
}

async function open(cache: Cache, plan: Plan, wasBuilt: boolean): Promise<Template | undefined> {
  const { fingerprint } = topOf(plan)
  const opened = await openLayer(cache, fingerprint)
  if (opened === undefined) return undefined
  const { layer } = opened
  const folder = layerFolder(cache, fingerprint)
  return {
    layer,
    plan,
    wasBuilt,
    pathOf: (name) => (layer.databases[name] === undefined ? undefined : databaseIn(folder, name)),
    [Symbol.dispose]: () => opened[Symbol.dispose](),
  }
}
