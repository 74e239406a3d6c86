import type { Context } from '../../session/context.ts'
import { locked } from '../../session/locked.ts'
import { recover } from '../../session/recover.ts'
import { pruneSnapshots, type SnapshotLimits } from '../../snapshot/prune.ts'
import { replaceContent } from '../../snapshot/replace-content.ts'
import { obtainTemplate, type Template } from '../../template/obtain.ts'
import { prune, USUAL_LIMITS } from '../../template/prune.ts'
import { openProject } from '../open-project.ts'
import type { CommonOptions } from '../options.ts'
import { printNote } from '../output.ts'
import { showProgress } from '../progress.ts'
import { shorten } from '../render/names.ts'
import { reporter } from '../reporter.ts'

export interface ResetOptions extends CommonOptions {
  /** How long to wait for a busy app, in seconds. */
  readonly timeout: number
  /** Build the template anew, whatever is cached. */
  readonly cache: boolean
}

/** Make the databases equal to their template, building it if need be. */
export async function reset(options: ResetOptions): Promise<number> {
  const { builder, makePlan, selected, limits } = await openProject(options)
  // Until a step begins: whoever is at work on the databases is waited for before.
  using waiting = showProgress('preparing the template')
  using template = await obtainTemplate(makePlan, builder, { fromNothing: !options.cache })
  waiting.end()
  const at = new Date().toISOString()
  for (const [name, context] of selected) {
    await resetOne(context, template, name, { options, at, limits })
  }
  if (template.wasBuilt) await prune(builder.cache, USUAL_LIMITS)
  return 0
}

interface Reset {
  readonly options: ResetOptions
  readonly at: string
  readonly limits: SnapshotLimits
}

async function resetOne(
  context: Context,
  template: Template,
  name: string,
  { options, at, limits }: Reset,
): Promise<void> {
  const { origin } = context.places
  const from = template.pathOf(name)
  if (from === undefined) {
    if (!options.json) printNote(`devshm: the set-up makes no ${shorten(origin, options.cwd)}; it stays as it is`)
    return
  }
  const started = performance.now()
  const report = reporter(options)
  using progress = showProgress(`resetting ${shorten(origin, options.cwd)}`)
  const { fingerprint } = template.layer
  await locked(context, async () => {
    const attachment = await recover(context)
    const { changed, kept, bytes } = await replaceContent(
      context,
      attachment,
      { from, base: { kind: 'template', path: from, fingerprint }, by: 'reset', at },
      { timeoutMs: options.timeout * 1000, onProgress: progress.update },
    )
    progress.end()
    const ms = performance.now() - started
    report({ type: 'reset', origin, changed, bytes, ms, fingerprint, wasBuilt: template.wasBuilt, kept })
    await pruneSnapshots(context, limits)
  })
}
