import { endAttachment } from '../../session/end-attachment.ts'
import { isInvolved } from '../../session/is-involved.ts'
import { locked } from '../../session/locked.ts'
import { openDatabases } from '../open-databases.ts'
import { openEverythingInRam } from '../open-everything.ts'
import type { CommonOptions } from '../options.ts'
import { printNote } from '../output.ts'
import { showProgress } from '../progress.ts'
import { shorten } from '../render/names.ts'
import { watchedReporter } from '../reporter.ts'

/** Bring databases back to disk. 1 if one has to stay in RAM. */
export async function detach(options: CommonOptions & { readonly all: boolean }): Promise<number> {
  const { report, hasFailed } = watchedReporter(options)
  const contexts = options.all
    ? await openEverythingInRam(options, report, { orphans: false })
    : (await openDatabases(options, report)).contexts
  let areAllOnDisk = true
  for (const context of contexts) {
    using _progress = showProgress(`saving ${shorten(context.places.origin, options.cwd)}`)
    const outcome = (await isInvolved(context)) ? await locked(context, () => endAttachment(context)) : 'was on disk'
    if (outcome === 'was on disk' && !hasFailed()) report({ type: 'was-on-disk', origin: context.places.origin })
    if (outcome === 'stays in RAM') areAllOnDisk = false
  }
  if (contexts.length === 0 && !options.json) printNote('devshm: no database is in RAM')
  return areAllOnDisk && !hasFailed() ? 0 : 1
}
