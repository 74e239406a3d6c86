import { unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DevshmError } from '../errors.ts'
import { lookAt, lookThrough } from '../fs/look.ts'
import { renameDurably } from '../fs/replace.ts'
import { syncDirectory } from '../fs/sync.ts'
import { someoneIsPresent } from '../engine/sqlite/file-lock.ts'
import { bootId } from '../process/identity.ts'
import { forgetInStore, type Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import { moveStraySidecarsAside } from './stray-sidecars.ts'
import type { Situation } from './examine.ts'
import { forgetLastSave, readLastSave } from './last-save.ts'

/**
 * The path is a link into RAM that is gone (a restart, a logout): put the newest copy on disk in its place, by one
 * rename.
 *
 * @throws {DevshmError} `ELSEWHERE`: it is attached on the host or in another container, where its RAM is;
 *   `LOST`: there is no copy, because `.devshm/` was removed as well
 */
export async function restoreLastSave(context: Context, { record, target }: Situation): Promise<void> {
  const { places, report, engine } = context
  if (record !== undefined) await requireNotElsewhere(context, record)
  for (const copy of [places.lastSave, places.attachSnapshot]) {
    const stats = lookAt(copy)
    if (stats === undefined || (await engine.inspect(copy)).kind === 'other') continue
    const facts = readLastSave(places)
    const savedAt = facts?.savedAt ?? stats.mtime.toISOString()
    await moveStraySidecarsAside(context)
    // The record goes first: beside the restored file, after a crash, it would say that the user had put that there.
    await forgetInStore(places)
    await syncDirectory(places.store)
    await renameDurably(copy, places.origin)
    await forgetLastSave(places)
    report({ type: 'restored', origin: places.origin, savedAt, bytes: Number(stats.size) })
    return
  }
  if (record?.before.kind !== 'absent') {
    throw new DevshmError('LOST', `${places.origin} led to ${target}, which is gone, and ${places.store} has no save`, {
      hint: `remove the link (rm ${places.origin}) and restore a backup, or set the database up again`,
      details: { path: places.origin, target },
    })
  }
  // It never existed on disk, and nothing was written before the RAM went.
  await unlink(places.origin)
  await syncDirectory(dirname(places.origin))
  await forgetLastSave(places)
  await forgetInStore(places)
  report({ type: 'restored', origin: places.origin, savedAt: undefined, bytes: 0 })
}

/**
 * The same kernel, but another mount at the volume's path: seen from inside a container, or outside of it. Whoever
 * holds the database there shows it by a lock that reaches across containers.
 */
export async function requireNotElsewhere({ places }: Context, record: Attachment): Promise<void> {
  if (record.bootId !== bootId()) return
  const volume = lookThrough(record.volume)
  if (volume !== undefined && String(volume.dev) === record.device) return
  if (!someoneIsPresent(places.presence)) return
  throw new DevshmError('ELSEWHERE', `${places.origin} is in RAM on the host or in another container`, {
    hint: 'run devshm there, or detach it there first (`devshm detach`)',
    details: { path: places.origin, live: record.live },
  })
}
