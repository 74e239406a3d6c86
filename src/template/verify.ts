import { join } from 'node:path'
import type { RebuildReport } from '../engine/engine.ts'
import { runOnWorkplace } from './build/build-layer.ts'
import type { Builder } from './build/build-missing.ts'
import { guardDatabases } from './build/guard.ts'
import { requireNoBuild } from '../session/locked.ts'
import { explainingFailures } from '../session/explain-failure.ts'
import { watchInterrupts } from './build/signals.ts'
import { openWorkplace, type Workplace } from './build/workplace.ts'
import type { Template } from './obtain.ts'
import type { Plan } from './plan.ts'

export interface Verification {
  readonly name: string
  readonly report: RebuildReport
}

/**
 * Build what a template holds twice more, from nothing and in full, and compare: schema and rows, leaving out what
 * differs between these two. The cache is not changed.
 */
export async function verifyTemplate(plan: Plan, template: Template, builder: Builder): Promise<Verification[]> {
  requireNoBuild(plan.env)
  const name = `the template of ${plan.databases.map(({ origin }) => origin).join(', ')}`
  return await explainingFailures({ origin: name }, () => compareWithTwo(plan, template, builder))
}

async function compareWithTwo(plan: Plan, template: Template, builder: Builder): Promise<Verification[]> {
  using interrupts = watchInterrupts()
  await using first = await rebuild(plan, builder, interrupts.signal)
  await using second = await rebuild(plan, builder, interrupts.signal)
  const verifications: Verification[] = []
  for (const { name } of plan.databases) {
    const cached = template.pathOf(name)
    const fresh = [first.results.get(name), second.results.get(name)] as const
    if (cached === undefined || fresh[0] === undefined || fresh[1] === undefined) {
      if (cached !== fresh[0]) verifications.push({ name, report: missing(name, cached !== undefined) })
      continue
    }
    verifications.push({
      name,
      report: await builder.engine.compareRebuilt(cached, [fresh[0], fresh[1]], plan.framework?.bookkeeping),
    })
  }
  return verifications
}

interface Rebuilt extends AsyncDisposable {
  /** Private, closed files by database name. */
  readonly results: ReadonlyMap<string, string>
}

async function rebuild(plan: Plan, builder: Builder, signal: AbortSignal): Promise<Rebuilt> {
  const { cache, engine, contexts, report } = builder
  await using cleanUp = new AsyncDisposableStack()
  const place: Workplace = cleanUp.use(await openWorkplace(cache, contexts))
  const isInPlace = plan.route.kind === 'in-place'
  const guard = isInPlace ? undefined : await guardDatabases([...contexts.values()], place.folder, signal)
  let databases: ReadonlyMap<string, string> = new Map()
  for (const planned of plan.layers) {
    const { run, index } = planned
    const start = index === 0 ? 'nothing' : 'layer below'
    report({ type: 'template-step', run, number: index + 1, of: plan.layers.length, start })
    const done = await runOnWorkplace(plan, planned, place, { engine, guard, signal, mustWrite: index === 0 })
    report({ type: 'template-step-done', run, ms: done.ms, bytes: done.bytes })
    databases = done.databases
  }
  const results = new Map<string, string>()
  for (const [name, path] of databases) {
    // One plain file, without a log that the step may have left.
    const result = join(place.folder, `result-${results.size}.sqlite3`)
    using pinned = await engine.pin(path)
    await pinned.copyTo(result, 0o600)
    await engine.setJournalMode(result, 'rollback')
    results.set(name, result)
  }
  const resources = cleanUp.move()
  return { results, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

function missing(name: string, isCached: boolean): RebuildReport {
  const [cached, fresh] = isCached ? [name, undefined] : [undefined, name]
  return { volatile: [], renumbered: [], differences: [{ kind: 'schema', name, cached, fresh }] }
}
