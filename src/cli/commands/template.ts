import { homedir } from 'node:os'
import { formatBytes } from '../../fs/format-bytes.ts'
import { cacheOf } from '../../template/cache.ts'
import { explain } from '../../template/explain.ts'
import { listLayers } from '../../template/layer.ts'
import { obtainTemplate } from '../../template/obtain.ts'
import { listTestTemplates } from '../../template/test-template.ts'
import { prune, USUAL_LIMITS } from '../../template/prune.ts'
import { verifyTemplate } from '../../template/verify.ts'
import { openProject } from '../open-project.ts'
import type { CommonOptions } from '../options.ts'
import { printLine } from '../output.ts'
import { renderExplanation, renderLayers, renderTestTemplates, renderVerification } from '../render/template.ts'

/** Every cached layer of this user and every template of a test database, those that were used last first. */
export async function listTemplates({ env, json }: CommonOptions): Promise<number> {
  const layers = listLayers(cacheOf(env))
  const tests = listTestTemplates(cacheOf(env))
  if (json) {
    const shown = layers.map(({ inputs, usedAt, ...layer }) => {
      return { ...layer, usedAt: usedAt.toISOString(), inputCount: inputs.length }
    })
    const shownTests = tests.map(({ key, alias, root, builtAt, bytes, usedAt }) => {
      return { key, alias, root, builtAt, bytes, usedAt: usedAt.toISOString() }
    })
    printLine(JSON.stringify({ layers: shown, tests: shownTests }, undefined, 2))
    return 0
  }
  const home = env['HOME'] || homedir()
  const lines = [...renderLayers(layers, home), ...renderTestTemplates(tests, home)]
  printLine(lines.length === 0 ? 'no template is cached' : lines.join('\n'))
  return 0
}

/** Have the template of this project in the cache. */
export async function buildTemplate(options: CommonOptions & { readonly cache: boolean }): Promise<number> {
  const { builder, makePlan } = await openProject(options)
  using template = await obtainTemplate(makePlan, builder, { fromNothing: !options.cache })
  const { fingerprint, databases, builtAt } = template.layer
  const bytes = Object.values(databases).reduce((sum, database) => sum + database.bytes, 0)
  if (options.json) printLine(JSON.stringify({ fingerprint, wasBuilt: template.wasBuilt, builtAt, bytes, databases }))
  else {
    const how = template.wasBuilt ? 'was built' : 'is cached'
    printLine(`the template ${how} (${formatBytes(bytes)}, ${fingerprint.slice(0, 12)})`)
  }
  if (template.wasBuilt) await prune(builder.cache, USUAL_LIMITS)
  return 0
}

/** Which step is cached and which is not, and why. */
export async function explainTemplate(options: CommonOptions): Promise<number> {
  const { builder, makePlan } = await openProject(options)
  const plan = await makePlan()
  const steps = explain(builder.cache, plan)
  if (options.json) printLine(JSON.stringify({ framework: plan.framework?.name, steps }, undefined, 2))
  else printLine(renderExplanation(plan, steps).join('\n'))
  return 0
}

/** Build twice from nothing and compare with what is cached. 1 if it differs. */
export async function verifyTemplates(options: CommonOptions): Promise<number> {
  const { builder, makePlan } = await openProject(options)
  using template = await obtainTemplate(makePlan, builder)
  const verifications = await verifyTemplate(await makePlan(), template, builder)
  const isEqual = verifications.every(({ report }) => report.differences.length === 0)
  if (options.json) printLine(JSON.stringify({ equal: isEqual, databases: verifications }, undefined, 2))
  else printLine(verifications.flatMap(renderVerification).join('\n'))
  return isEqual ? 0 : 1
}

export interface PruneOptions extends CommonOptions {
  readonly olderThan?: number
  readonly maxSize?: number
  readonly all: boolean
}

/** Remove cached layers by age and size. */
export async function pruneTemplates({ env, json, olderThan, maxSize, all }: PruneOptions): Promise<number> {
  const limits = {
    maxAgeDays: all ? -1 : (olderThan ?? USUAL_LIMITS.maxAgeDays),
    maxBytes: maxSize === undefined ? USUAL_LIMITS.maxBytes : maxSize * 1_000_000,
  }
  const { removed, keptBytes } = await prune(cacheOf(env), limits)
  const bytes = removed.reduce((sum, layer) => sum + layer.bytes, 0)
  if (json) printLine(JSON.stringify({ removed, keptBytes }))
  else printLine(`removed ${removed.length} templates (${formatBytes(bytes)}); ${formatBytes(keptBytes)} stay`)
  return 0
}
