import { accessSync, constants } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { lookAt, inodeOf } from '../fs/look.ts'
import { quoted } from '../fs/quoted.ts'
import { endLease, readLeases, type Lease } from './leases.ts'
import {
  forgetInStore,
  liveFolderOf,
  readFromLiveFolder,
  recordInStore,
  recordInVolume,
  routeOf,
  type Attachment,
} from './attachment.ts'
import { isAtOrigin } from './as-attached.ts'
import { folderOf } from './fill-live.ts'
import type { Context } from './context.ts'
import { examine, type Situation } from './examine.ts'
import { keepAsSnapshot } from './keep-as-snapshot.ts'
import { linkWhenNotLent } from './lending.ts'
import { placesOf } from './places.ts'
import { settleStray } from './strays.ts'
import { forgetLastSave, newestCopy } from './last-save.ts'
import { recoverLending } from './put-path-back.ts'
import { restoreFile, stillLeads } from './recover-without-link.ts'
import { restoreLastSave } from './restore.ts'
import { forgetSecondNames } from './second-names.ts'
import { takeOwnCopy } from './own-copy.ts'
import { volumePaths } from '../volume/find-volume.ts'
import { removeEmptyFolders, removeGoneFolder } from '../volume/live-folder.ts'
import { sweepLiveFolder } from './sweep-live-folder.ts'
import { ensureStore, sweepUnfinished, writeReadme } from './store.ts'

/**
 * Bring a database from whatever a crash, a restart or the user left into one of two states: attached, or not. Every
 * command that acts does this first, under the database's lock. Nothing is asked, nothing that was committed in RAM is
 * dropped, and doing it twice changes nothing more.
 *
 * @param options.isEnding without a link, a session that is at its end does not count: what is at the path does
 * @returns the attachment, if it is attached
 */
export async function recover(
  context: Context,
  { isEnding = false }: { isEnding?: boolean } = {},
): Promise<Attachment | undefined> {
  const { places } = context
  sweepUnfinished(places)
  await recoverLending(context)
  await forgetSecondNames(places)
  const situation = await examine(places, context.volume)
  for (const folder of situation.debris) await removeGoneFolder(folder)
  const settled = new Set<string>()
  for (const stray of situation.strays) if (await settleStray(context, situation, stray)) settled.add(stray.live)
  const { route, current, record } = situation
  if (route === undefined) {
    await tidyAfterDetach(context, situation, settled)
    return undefined
  }
  if (current === undefined) {
    if (route === 'hook' && record !== undefined) await restoreFile(context, record, situation.path)
    else await restoreLastSave(context, situation)
    return undefined
  }
  if (route === 'link') return await carryOn(context, situation, current)
  const live = await stillLeads(context, situation, current, isEnding)
  if (live !== undefined) return await carryOn(context, situation, live)
  await tidyAfterDetach(context, situation, settled.add(current.live))
  return undefined
}

/** The path is a file, or nothing: what `.devshm/` says of an attachment is over. */
async function tidyAfterDetach(
  context: Context,
  { record, inode, path }: Situation,
  settled: ReadonlySet<string>,
): Promise<void> {
  const { places } = context
  const wasCompleted = record?.detaching !== undefined && (inode ?? 'none') === record.detaching.inode
  const isOriginal = record?.before.kind === 'file' && record.before.inode === inode
  const isNeeded = record !== undefined && !wasCompleted && !isOriginal && !settled.has(record.live)
  const newest = newestCopy(places)
  // A copied project: its file is what was attached there, and the record of another one.
  const isThere = isNeeded && newest !== undefined && record.route === 'hook' && (await isAtOrigin(context, newest))
  if (isNeeded && newest !== undefined && !isThere) {
    // RAM was lost, and then the user put another file there: the newest copy on disk is what is left of the old one.
    const snapshot = await keepAsSnapshot(context, newest)
    context.report({
      type: 'replaced',
      origin: places.origin,
      ...snapshot,
      isThere: path === 'file',
      route: routeOf(record),
    })
  }
  // A killed attach or detach leaves the folders that it had not filled, or had emptied.
  for (const volume of new Set([...volumePaths(context.volume), ...(record === undefined ? [] : [record.volume])])) {
    await removeEmptyFolders(volume, places.origin)
  }
  const kept = lookAt(places.attachSnapshot)
  // An attach that did not come to its swap left the original with two names.
  if (kept !== undefined && inodeOf(kept) === inode) await rm(places.attachSnapshot)
  await forgetLastSave(places)
  await forgetInStore(places)
}

async function carryOn(context: Context, situation: Situation, current: Attachment): Promise<Attachment | undefined> {
  const { places, report } = context
  const { record, route } = situation
  if (current.origin !== places.origin && !isSameLink(current.origin, places.origin)) {
    if (route === 'link' && (await belongsToAnother(current, await readLeases(current)))) {
      await takeOwnCopy(context, current)
      return undefined
    }
    return await adopt(context, current)
  }
  requireWritable(current)
  if ((await readFromLiveFolder(liveFolderOf(current))) === undefined) await recordInVolume(current)
  if (record?.live !== current.live || record.detaching !== undefined) {
    await ensureStore(places)
    await recordInStore(places, current)
    await writeReadme(places)
  }
  sweepLiveFolder(current)
  const { alive, dead } = await readLeases(current)
  for (const lease of dead) await endLease(current, lease)
  if (dead.length > 0 && alive.length === 0) {
    report({ type: 'carried-on', origin: places.origin, attachedAt: current.attachedAt })
  }
  return current
}

/** @throws {DevshmError} `IO`: the volume was made read-only since; nothing is lost, and nothing can go on */
function requireWritable({ origin, live, volume }: Attachment): void {
  try {
    accessSync(dirname(live), constants.W_OK)
  } catch (error) {
    if (systemCodeOf(error) !== 'EROFS') throw error
    throw new DevshmError('IO', `${volume} has become read-only, with ${origin} in it`, {
      hint: `make it writable again: mount -o remount,rw ${quoted(volume)}   (the data is in ${live})`,
      cause: error,
      details: { path: volume, live },
    })
  }
}

/** One folder can be seen by two paths (a bind mount): then that is the very link, not a copy of it. */
function isSameLink(a: string, b: string): boolean {
  const [one, other] = [lookAt(a), lookAt(b)]
  return one !== undefined && other !== undefined && inodeOf(one) === inodeOf(other)
}

/**
 * A copied project carries a link to the first one's live database; a moved one is the first one. Where the first one's
 * path is neither the link nor gone, whoever holds the database decides.
 */
async function belongsToAnother(current: Attachment, { alive }: { alive: readonly Lease[] }): Promise<boolean> {
  if ((await linkWhenNotLent(placesOf(current.origin))) === current.live) return true
  return lookAt(current.origin) !== undefined && alive.length > 0
}

async function adopt(context: Context, current: Attachment): Promise<Attachment> {
  const { places, report } = context
  const adopted: Attachment = { ...current, origin: places.origin, ...folderOf(places.origin) }
  await recordInVolume(adopted)
  await recordInStore(places, adopted)
  await writeReadme(places)
  report({ type: 'adopted', origin: places.origin, from: current.origin })
  return adopted
}
