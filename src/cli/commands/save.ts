import { locked } from '../../session/locked.ts'
import { recover } from '../../session/recover.ts'
import { saveAndReport } from '../../session/release.ts'
import { isInvolved } from '../../session/is-involved.ts'
import { openDatabases } from '../open-databases.ts'
import type { CommonOptions } from '../options.ts'
import { showProgress } from '../progress.ts'
import { shorten } from '../render/names.ts'
import { watchedReporter } from '../reporter.ts'

/** Write what is in RAM to disk now. What is on disk needs no saving. */
export async function save(options: CommonOptions): Promise<number> {
  const { report, hasFailed } = watchedReporter(options)
  const { contexts } = await openDatabases(options, report)
  for (const context of contexts) {
    using _progress = showProgress(`saving ${shorten(context.places.origin, options.cwd)}`)
    const attachment = (await isInvolved(context))
      ? await locked(context, async () => {
          const current = await recover(context)
          if (current !== undefined) await saveAndReport(context, current)
          return current
        })
      : undefined
    if (attachment === undefined && !hasFailed()) report({ type: 'was-on-disk', origin: context.places.origin })
  }
  return hasFailed() ? 1 : 0
}
