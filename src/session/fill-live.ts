import { dirname } from 'node:path'
import { writeFile } from 'node:fs/promises'
import { inodeOf, lookAt } from '../fs/look.ts'
import { bootId } from '../process/identity.ts'
import { createLiveFolder, livePathIn, removeGoneFolder, renameLiveFolderAway } from '../volume/live-folder.ts'
import type { Volume } from '../volume/volume.ts'
import type { Attachment, Before } from './attachment.ts'
import type { Context } from './context.ts'
import type { Origin } from './origin.ts'
import { giveOwnerOf } from './ownership.ts'

/**
 * Copy the origin into a new live folder, which nobody else knows of yet. Under SQLite's write lock on the origin.
 * On any failure the folder is gone again.
 */
export async function fillLive(
  context: Context,
  volume: Volume,
  origin: Origin,
  journal: 'keep' | 'wal',
): Promise<Attachment> {
  const folder = await createLiveFolder(volume, context.places.origin)
  const live = livePathIn(folder)
  try {
    if (origin.kind === 'absent') {
      // With the permissions that the app would have given it, umask and all.
      await writeFile(live, '', { flag: 'wx', mode: 0o666 })
    } else {
      await copyOrigin(context, live, Number(origin.stats.mode) & 0o7777, journal)
    }
  } catch (error) {
    await removeGoneFolder(await renameLiveFolderAway(folder))
    throw error
  }
  return {
    version: 1,
    origin: context.places.origin,
    live,
    volume: volume.path,
    device: volume.device,
    bootId: bootId(),
    attachedAt: new Date().toISOString(),
    journal,
    before: whatWas(origin),
    ...folderOf(context.places.origin),
  }
}

async function copyOrigin(
  { engine, places }: Context,
  live: string,
  mode: number,
  journal: 'keep' | 'wal',
): Promise<void> {
  using pinned = await engine.pin(places.origin)
  await pinned.copyTo(live, mode)
  await giveOwnerOf(places.origin, live)
  if (journal === 'wal' && pinned.pageCount > 0 && pinned.journalMode !== 'wal') {
    await engine.setJournalMode(live, 'wal')
  }
}

/** By inode; see {@link Attachment.folder}. */
export function folderOf(origin: string): Pick<Attachment, 'folder'> {
  const stats = lookAt(dirname(origin))
  return stats === undefined ? {} : { folder: inodeOf(stats) }
}

function whatWas(origin: Origin): Before {
  if (origin.kind === 'absent') return { kind: 'absent' }
  const journalMode = origin.facts.kind === 'database' ? origin.facts.journalMode : 'rollback'
  return { kind: 'file', inode: inodeOf(origin.stats), journalMode }
}
