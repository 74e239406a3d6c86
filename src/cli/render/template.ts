import { formatBytes } from '../../fs/format-bytes.ts'
import type { Difference, Explanation } from '../../template/explain.ts'
import type { listLayers } from '../../template/layer.ts'
import type { Plan } from '../../template/plan.ts'
import type { TestTemplate } from '../../template/test-template.ts'
import type { Verification } from '../../template/verify.ts'
import { escapeControls } from '../../fs/escape-controls.ts'
import { formatMs, formatTime } from './names.ts'

/** Longer lists are cut: `--json` has all of them. */
const MOST_FILES = 12

export function renderLayers(layers: ReturnType<typeof listLayers>, home: string): string[] {
  return layers.map(({ fingerprint, run, ms, ...layer }) =>
    renderCached(fingerprint, layer, home, `${run} (took ${formatMs(ms)})`),
  )
}

export function renderTestTemplates(templates: readonly TestTemplate[], home: string): string[] {
  return templates.map((each) => renderCached(each.key, each, home, `Django's test database '${each.alias}'`))
}

type Cached = Pick<TestTemplate, 'root' | 'usedAt' | 'bytes'>

function renderCached(id: string, { root, usedAt, bytes }: Cached, home: string, what: string): string {
  const where = root.startsWith(`${home}/`) ? `~${root.slice(home.length)}` : root
  const size = formatBytes(bytes).padStart(8)
  return escapeControls(`${id.slice(0, 12)}  ${size}  used ${formatTime(usedAt.toISOString())}  ${where}: ${what}`)
}

export function renderExplanation(plan: Plan, steps: readonly Explanation[]): string[] {
  const framework = plan.framework === undefined ? [] : [`framework: ${plan.framework.name}`]
  // Commands and paths are the project's, which may have been cloned from anywhere.
  return [...framework, ...steps.flatMap((step, index) => renderStep(step, index + 1))].map(escapeControls)
}

function renderStep(step: Explanation, number: number): string[] {
  const head = `${number}. ${step.run}`
  if (step.isCached)
    return [
      head,
      `   hit: built ${formatTime(step.builtAt ?? '')}, ${step.inputCount} ${step.inputCount === 1 ? 'input' : 'inputs'}`,
    ]
  const lines = [head, `   miss: ${step.differs === undefined ? 'never built' : 'not built for this state'}`]
  if (step.differs !== undefined) lines.push(...renderDifference(step.differs).map((line) => `     ${line}`))
  if (step.continues !== undefined) {
    lines.push(
      'from' in step.continues
        ? `   will run what is pending on the state of ${formatTime(step.continues.from)}`
        : `   will run in full: ${step.continues.whyNot}`,
    )
  }
  return lines
}

function renderDifference(differs: Difference): string[] {
  const { isBelowAnother, isCommandAnother, variables, packages, added, changed, removed } = differs
  return [
    ...(isCommandAnother ? ['the command is another'] : []),
    ...(isBelowAnother ? ['the step below is another'] : []),
    ...variables.map((name) => `variable ${name} changed`),
    ...cut(packages),
    ...cut([
      ...added.map((path) => `added    ${path}`),
      ...changed.map((path) => `changed  ${path}`),
      ...removed.map((path) => `removed  ${path}`),
    ]),
  ]
}

function cut(lines: readonly string[]): string[] {
  if (lines.length <= MOST_FILES) return [...lines]
  return [...lines.slice(0, MOST_FILES), `… and ${lines.length - MOST_FILES} more`]
}

export function renderVerification({ name, report }: Verification): string[] {
  const { differences, volatile, renumbered } = report
  const lines = [`${name}: ${differences.length === 0 ? 'equal to a fresh build' : 'differs from a fresh build'}`]
  for (const difference of differences) {
    if (difference.kind === 'rows') {
      const { name: table, onlyCached, onlyFresh } = difference
      lines.push(`  rows of ${table}: ${onlyCached} only in the template, ${onlyFresh} only in a fresh build`)
    } else {
      lines.push(`  schema of ${difference.name}:`, `    template: ${difference.cached ?? '(absent)'}`)
      lines.push(`    fresh:    ${difference.fresh ?? '(absent)'}`)
    }
  }
  if (volatile.length > 0) lines.push(`  left out, as they differ from build to build: ${volatile.join(', ')}`)
  if (renumbered.length > 0) lines.push(`  numbered in another order: ${renumbered.join(', ')}`)
  return lines
}
