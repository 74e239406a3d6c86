import type { Engine } from '../../engine/engine.ts'
import { DevshmError, reasonOf } from '../../errors.ts'
import type { Context } from '../../session/context.ts'
import type { Cache } from '../cache.ts'
import { findStart, hasPending } from '../continue-from.ts'
import type { ReportTemplate, TemplateEvent } from '../events.ts'
import { lockLayer, openLayer, useLayer } from '../in-use.ts'
import { compareInputs } from '../inputs/compare-inputs.ts'
import { noteUse, readLayer, type Layer } from '../layer.ts'
import { topOf, type Plan, type PlannedLayer } from '../plan.ts'
import { runOnWorkplace, type StepDone } from './build-layer.ts'
import { guardDatabases, type Guard } from './guard.ts'
import { keepFailed } from './keep-failed.ts'
import { requireNoBuild } from '../../session/locked.ts'
import { watchInterrupts } from './signals.ts'
import { storeLayer } from './store-layer.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

export interface Builder {
  readonly cache: Cache
  readonly engine: Engine
  /** By the names of the plan. */
  readonly contexts: ReadonlyMap<string, Context>
  readonly report: ReportTemplate
}

/** `'there'`: another process made it meanwhile. `changed`: files that differ from when it began; nothing was kept. */
export type BuildOutcome = 'built' | 'there' | { readonly changed: readonly string[] }

/** What all layers of one build share. */
interface Build {
  readonly plan: Plan
  readonly makePlan: () => Promise<Plan>
  readonly builder: Builder
  readonly place: Workplace
  readonly guard: Guard | undefined
  readonly signal: AbortSignal
  readonly fromNothing: boolean
}

/**
 * Build the layers that are not cached, from the highest that is. Each under its own lock, the top one first: two
 * projects that share lower layers build these once.
 *
 * @throws {DevshmError} `STEP_FAILED`, `INTERRUPTED`, `IN_USE`; what was built below stays cached
 */
export async function buildMissing(
  plan: Plan,
  makePlan: () => Promise<Plan>,
  builder: Builder,
  { fromNothing }: { readonly fromNothing: boolean },
): Promise<BuildOutcome> {
  requireNoBuild(plan.env)
  const { cache, contexts, report } = builder
  const wait = (holders: string): void => report({ type: 'template-waiting', holders })
  const top = topOf(plan)
  using _topLock = await lockLayer(cache, top.fingerprint, wait)
  if (!fromNothing && readLayer(cache, top.fingerprint) !== undefined) return 'there'

  for (const glob of plan.emptyGlobs()) report({ type: 'template-empty-glob', glob })
  using interrupts = watchInterrupts()
  await using place = await openWorkplace(cache, contexts)
  // In place, the paths are lent and the users' files out of reach.
  const guard =
    plan.route.kind === 'in-place'
      ? undefined
      : await guardDatabases([...contexts.values()], place.folder, interrupts.signal)
  const build: Build = { plan, makePlan, builder, place, guard, signal: interrupts.signal, fromNothing }

  // Also those that are not there yet: nobody prunes what the next step is to stand on.
  using inUse = new DisposableStack()
  let below: Layer | undefined
  for (const planned of plan.layers) {
    using _lock = planned === top ? undefined : await lockLayer(cache, planned.fingerprint, wait)
    inUse.use(await useLayer(cache, planned.fingerprint))
    const cached = fromNothing ? undefined : readLayer(cache, planned.fingerprint)
    if (cached !== undefined) noteUse(cache, planned.fingerprint)
    const result = cached ?? (await buildOne(build, planned, below))
    if ('changed' in result) return result
    below = result
  }
  return 'built'
}

async function buildOne(
  build: Build,
  planned: PlannedLayer,
  below: Layer | undefined,
): Promise<Layer | { readonly changed: readonly string[] }> {
  const { plan, makePlan, builder } = build
  const { done, continuedFrom } = await runStepOn(build, planned, below)
  const now = (await makePlan()).layers[planned.index]
  if (now?.fingerprint !== planned.fingerprint) {
    builder.report({ type: 'template-changed-meanwhile', run: planned.run })
    const { added, changed, removed } = compareInputs(planned.inputs, now?.inputs ?? [])
    return { changed: [...changed, ...added, ...removed] }
  }
  const { root } = plan
  const { ms, databases } = done
  return await storeLayer(builder.cache, builder.engine, { root, layer: planned, ms, continuedFrom, databases })
}

/** On top of an older state where that is allowed, else, and after any failure of that, in full. */
async function runStepOn(
  build: Build,
  planned: PlannedLayer,
  below: Layer | undefined,
): Promise<{ done: StepDone; continuedFrom: string | undefined }> {
  const { plan, builder, fromNothing } = build
  const { cache, report } = builder
  const found = fromNothing ? undefined : findStart(cache, planned, plan.framework)
  using older = found && (await openLayer(cache, found.fingerprint))
  if (older !== undefined) {
    const { layer } = older
    try {
      return { done: await runFrom(build, planned, layer, 'pending'), continuedFrom: layer.fingerprint }
    } catch (error) {
      if (error instanceof DevshmError && error.code === 'INTERRUPTED') throw error
      report({ type: 'template-in-full', run: planned.run, reason: reasonOf(error) })
    }
  }
  const start = below === undefined ? 'nothing' : 'layer below'
  return { done: await runFrom(build, planned, below, start), continuedFrom: undefined }
}

async function runFrom(
  { plan, builder, place, guard, signal }: Build,
  planned: PlannedLayer,
  start: Layer | undefined,
  how: Extract<TemplateEvent, { type: 'template-step' }>['start'],
): Promise<StepDone> {
  const { cache, engine, report } = builder
  const { run, index } = planned
  await place.startFrom(start)
  report({ type: 'template-step', run, number: index + 1, of: plan.layers.length, start: how })
  try {
    const mustWrite = how === 'nothing' || (how === 'pending' && hasPending(start, planned))
    const done = await runOnWorkplace(plan, planned, place, { engine, guard, signal, mustWrite })
    report({ type: 'template-step-done', run, ms: done.ms, bytes: done.bytes })
    return done
  } catch (error) {
    throw how === 'pending' ? error : await keepFailed(cache, plan, place, error)
  }
}
