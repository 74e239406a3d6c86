import { locked } from '../../session/locked.ts'
import { recover } from '../../session/recover.ts'
import { requireFree, requireName } from '../../snapshot/names.ts'
import { takeSnapshot } from '../../snapshot/take.ts'
import { openDatabases } from '../open-databases.ts'
import type { CommonOptions } from '../options.ts'
import { showProgress } from '../progress.ts'
import { shorten } from '../render/names.ts'
import { reporter } from '../reporter.ts'

/** Keep what the databases hold now. */
export async function snapshot(
  name: string | undefined,
  options: CommonOptions & { readonly force: boolean },
): Promise<number> {
  const report = reporter(options)
  const { contexts } = await openDatabases(options, report)
  // All of them or none.
  if (name !== undefined) requireName(name)
  if (name !== undefined && !options.force) for (const { places } of contexts) requireFree(places, name)
  for (const context of contexts) {
    const { origin } = context.places
    const started = performance.now()
    using progress = showProgress(`keeping ${shorten(origin, options.cwd)}`)
    const onProgress = progress.update
    await locked(context, async () => {
      const attachment = await recover(context)
      const taken = await takeSnapshot(context, attachment, { name, force: options.force, onProgress })
      progress.end()
      const { name: snapshotName, path, bytes } = taken
      report({ type: 'snapshot', origin, snapshot: snapshotName, path, bytes, ms: performance.now() - started })
    })
  }
  return 0
}
