import { lookAt } from '../fs/look.ts'
import { livePathIn, renameLiveFolderBack } from '../volume/live-folder.ts'
import { isAsAttached } from './as-attached.ts'
import { forgetInStore, liveFolderOf, recordInVolume, type Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import type { Situation } from './examine.ts'
import { keepAsSnapshot } from './keep-as-snapshot.ts'
import { forgetLastSave, readLastSave } from './last-save.ts'
import { readLeases } from './leases.ts'
import { putInFilesPlace } from './put-in-files-place.ts'
import { requireNotElsewhere } from './restore.ts'
import { settleStray } from './strays.ts'

/**
 * A live database that no link leads to: is it still what counts, or is it what the user has put at the path since? While
 * a session needs it, and does not end at this moment, it is; afterwards the file counts, if it is not what it was.
 *
 * @returns live, if it still counts; else it is kept as the snapshot `@replaced`, and `undefined`
 */
export async function stillLeads(
  context: Context,
  situation: Situation,
  found: Attachment,
  isEnding: boolean,
): Promise<Attachment | undefined> {
  // In the middle of a detach it was away for a moment.
  const current = { ...found, live: livePathIn(await renameLiveFolderBack(liveFolderOf(found))) }
  const isNeeded = !isEnding && (await readLeases(current)).alive.length > 0
  if (isNeeded || (await isAsAttached(context, current))) return current
  const replaced: Attachment = { ...current, isReplaced: true }
  // From here on it is a stray like any other, also while somebody has it open.
  await recordInVolume(replaced)
  await settleStray(context, situation, replaced)
  return undefined
}

/**
 * The RAM of a database without a link is gone (a restart, a logout): the newest copy on disk takes the file's place, if
 * that is still what was copied from it. Otherwise somebody works with the file by now, and the copy becomes the snapshot
 * `@replaced`.
 *
 * @throws {DevshmError} `ELSEWHERE`: it is attached on the host or in another container; `IN_USE`: the file is open
 */
export async function restoreFile(context: Context, record: Attachment, path: Situation['path']): Promise<void> {
  const { engine, places, report } = context
  const { origin, lastSave } = places
  await requireNotElsewhere(context, record)
  const isSaved = lookAt(lastSave) !== undefined && (await engine.inspect(lastSave)).kind !== 'other'
  if (await isAsAttached(context, record)) {
    const stats = lookAt(isSaved ? lastSave : origin)
    const savedAt = stats && (readLastSave(places)?.savedAt ?? stats.mtime.toISOString())
    if (isSaved) await putInFilesPlace(context, record, lastSave)
    report({ type: 'restored', origin, savedAt, bytes: Number(stats?.size ?? 0n) })
  } else if (isSaved) {
    const kept = await keepAsSnapshot(context, lastSave)
    report({ type: 'replaced', origin, ...kept, isThere: path !== 'absent', route: 'hook' })
  }
  await forgetLastSave(places)
  await forgetInStore(places)
}
