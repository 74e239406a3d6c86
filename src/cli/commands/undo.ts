import { locked } from '../../session/locked.ts'
import { recover } from '../../session/recover.ts'
import { readHistory } from '../../snapshot/history.ts'
import { pruneSnapshots, snapshotLimits } from '../../snapshot/prune.ts'
import { settleHistory } from '../../snapshot/settle-history.ts'
import { undo } from '../../snapshot/undo.ts'
import { openDatabases } from '../open-databases.ts'
import { showProgress } from '../progress.ts'
import { shorten } from '../render/names.ts'
import { reporter } from '../reporter.ts'
import type { OverwriteFlags } from './restore.ts'

/** Take back the last reset, restore or undo, of all databases that it was of. */
export async function undoLast(options: OverwriteFlags): Promise<number> {
  const report = reporter(options)
  const { contexts, configuration } = await openDatabases(options, report)
  const at = new Date().toISOString()
  for (const context of contexts) {
    if (readHistory(context.places).pending === undefined) continue
    await locked(context, async () => await settleHistory(context, await recover(context)))
  }
  const moments = contexts.map(({ places }) => readHistory(places).overwritten?.at ?? '')
  const last = moments.reduce((latest, moment) => (moment > latest ? moment : latest), '')
  for (const context of contexts.filter((_context, index) => moments[index] === last)) {
    const { origin } = context.places
    const started = performance.now()
    using progress = showProgress(`restoring ${shorten(origin, options.cwd)}`)
    await locked(context, async () => {
      const attachment = await recover(context)
      const overwriting = { timeoutMs: options.timeout * 1000, onProgress: progress.update }
      const { snapshot, ...replaced } = await undo(context, attachment, at, overwriting)
      progress.end()
      report({ type: 'undo', origin, from: snapshot, ...replaced, ms: performance.now() - started })
      await pruneSnapshots(context, snapshotLimits(configuration))
    })
  }
  return 0
}
