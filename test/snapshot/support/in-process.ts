import { dirname } from 'node:path'
import type { Context } from '../../../src/session/context.ts'
import { locked } from '../../../src/session/locked.ts'
import { recover } from '../../../src/session/recover.ts'
import { pruneSnapshots } from '../../../src/snapshot/prune.ts'
import { replaceContent } from '../../../src/snapshot/replace-content.ts'
import type { Replaced } from '../../../src/snapshot/replacing.ts'
import { resolveReference } from '../../../src/snapshot/reference.ts'
import { restore } from '../../../src/snapshot/restore.ts'
import { takeSnapshot } from '../../../src/snapshot/take.ts'
import { undo } from '../../../src/snapshot/undo.ts'

const USUAL = { timeoutMs: 5_000 }
const LIMITS = { count: 1_000, bytes: 1e12 }

/** What `devshm restore` does to one database. */
export async function restoreIn(context: Context, wanted: string, timeoutMs = 5_000): Promise<Replaced> {
  return await locked(context, async () => {
    const attachment = await recover(context)
    const reference = await resolveReference(context, dirname(context.places.origin), wanted)
    const replaced = await restore(context, attachment, reference, new Date().toISOString(), { timeoutMs })
    await pruneSnapshots(context, LIMITS)
    return replaced
  })
}

/** What `devshm reset` does to one database, with the file of its template. */
export async function resetIn(context: Context, template: string): Promise<Replaced> {
  return await locked(context, async () => {
    const attachment = await recover(context)
    const base = { kind: 'template', path: template, fingerprint: '' } as const
    const replaced = await replaceContent(context, attachment, { from: template, base, by: 'reset' }, USUAL)
    await pruneSnapshots(context, LIMITS)
    return replaced
  })
}

/** What `devshm undo` does to one database. */
export async function undoIn(context: Context): Promise<Replaced> {
  return await locked(context, async () => {
    const attachment = await recover(context)
    return await undo(context, attachment, new Date().toISOString(), USUAL)
  })
}

/** What `devshm snapshot` does to one database. */
export async function snapshotIn(context: Context, name: string, options = { force: true }): Promise<void> {
  await locked(context, async () => {
    const attachment = await recover(context)
    await takeSnapshot(context, attachment, { name, ...options })
  })
}
