import { DevshmError, UsageError } from '../../errors.ts'
import type { Context } from '../../session/context.ts'
import { locked } from '../../session/locked.ts'
import { recover } from '../../session/recover.ts'
import { findSnapshot } from '../../snapshot/names.ts'
import { pruneSnapshots, snapshotLimits } from '../../snapshot/prune.ts'
import { resolveReference } from '../../snapshot/reference.ts'
import { restore } from '../../snapshot/restore.ts'
import { openDatabases } from '../open-databases.ts'
import type { CommonOptions } from '../options.ts'
import { showProgress } from '../progress.ts'
import { shorten } from '../render/names.ts'
import { reporter } from '../reporter.ts'

export interface OverwriteFlags extends CommonOptions {
  /** How long to wait for a busy app, in seconds. */
  readonly timeout: number
}

/** Make the databases what a snapshot or a file holds. */
export async function restoreDatabases(wanted: string, options: OverwriteFlags): Promise<number> {
  const report = reporter(options)
  const { contexts, configuration } = await openDatabases(options, report)
  const at = new Date().toISOString()
  for (const context of await choose(contexts, wanted)) {
    const { origin } = context.places
    const started = performance.now()
    using progress = showProgress(`restoring ${shorten(origin, options.cwd)}`)
    await locked(context, async () => {
      const attachment = await recover(context)
      const reference = await resolveReference(context, options.cwd, wanted)
      const overwriting = { timeoutMs: options.timeout * 1000, onProgress: progress.update }
      const replaced = await restore(context, attachment, reference, at, overwriting)
      progress.end()
      const ms = performance.now() - started
      report({ type: 'restore', origin, from: reference.label, ...replaced, ms })
      await pruneSnapshots(context, snapshotLimits(configuration))
    })
  }
  return 0
}

/** Those that have the snapshot; a file can only be meant for one. */
async function choose(contexts: readonly Context[], wanted: string): Promise<readonly Context[]> {
  const having = contexts.filter(({ places }) => findSnapshot(places, wanted) !== undefined)
  if (having.length > 0 || contexts.length < 2) return having.length > 0 ? having : contexts
  if (wanted.startsWith('@'))
    throw new DevshmError('NO_SNAPSHOT', `no database of this project has a snapshot ${wanted}`)
  throw new UsageError(`${wanted} is no snapshot, and which of the databases to restore from that file is not said`, {
    hint: 'name one with --db',
  })
}
