import { DevshmError } from '../errors.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import { readHistory } from './history.ts'
import { findSnapshot } from './names.ts'
import { settleHistory } from './settle-history.ts'
import { replaceContent } from './replace-content.ts'
import type { Replaced, ReplaceOptions } from './replacing.ts'

/**
 * Exchange what the database holds with what the last reset, restore or undo overwrote; twice is redo. Under the
 * database's lock, after `recover`.
 *
 * @throws {DevshmError} `NO_SNAPSHOT`: nothing was overwritten, or what was is no longer kept
 */
export async function undo(
  context: Context,
  attachment: Attachment | undefined,
  at: string,
  options: ReplaceOptions,
): Promise<Replaced & { readonly snapshot: string }> {
  const { places } = context
  await settleHistory(context, attachment)
  const { overwritten } = readHistory(places)
  const snapshot = overwritten === undefined ? undefined : findSnapshot(places, overwritten.snapshot)
  if (overwritten === undefined || snapshot === undefined) throw nothingToUndo(context, overwritten?.snapshot)
  const base = { kind: 'snapshot', name: snapshot.name } as const
  const replaced = await replaceContent(context, attachment, { from: snapshot.path, base, by: 'undo', at }, options)
  return { ...replaced, snapshot: snapshot.name }
}

function nothingToUndo({ places }: Context, snapshot: string | undefined): DevshmError {
  const [what, hint] =
    snapshot === undefined
      ? ['no reset or restore has overwritten it', 'devshm snapshots lists what there is to restore']
      : [`the snapshot ${snapshot} with what was overwritten is gone`, 'devshm restore brings back any that is there']
  return new DevshmError('NO_SNAPSHOT', `there is nothing to undo in ${places.origin}: ${what}`, {
    hint,
    details: { path: places.origin, snapshot },
  })
}
