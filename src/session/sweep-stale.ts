import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockIfFree } from '../engine/sqlite/file-lock.ts'
import { DevshmError, reasonOf, systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { bytesBelow } from '../volume/bytes-below.ts'
import { hasOpenFiles } from '../volume/leased-folder.ts'
import {
  isGone,
  listAllLiveFolders,
  livePathIn,
  removeGoneFolder,
  renameLiveFolderAway,
  renameLiveFolderBack,
} from '../volume/live-folder.ts'
import { readFromLiveFolder, type Attachment } from './attachment.ts'
import { contextOf } from './contexts.ts'
import type { Context } from './context.ts'
import { examine } from './examine.ts'
import { readLeases } from './leases.ts'
import { isOnDisk } from './is-on-disk.ts'
import { listOpeners } from './list-openers.ts'
import { settledStampOf, stampOf } from './stamp.ts'
import { ensureStore } from './store.ts'
import { isLedTo } from './volume-use.ts'

export interface Sweeping {
  readonly swept: readonly Swept[]
  readonly kept: readonly Kept[]
}

interface Swept {
  readonly origin: string | undefined
  readonly live: string
  readonly bytes: number
}

export interface Kept extends Swept {
  /** Why it stays, as the rest of a sentence. */
  readonly reason: string
}

/** A folder without a database may have been begun a moment ago, by an attach that still runs; in milliseconds. */
const BEGINNING_MS = 3_600_000

/** Longer than the coarsest clock of a file system (`fs/settled.ts`); in milliseconds. */
const SETTLES_WITHIN_MS = 4_000
const LOOK_AGAIN_MS = 20

/**
 * Remove from volumes the live databases of this user that no path leads to any more, of whatever project. Each one goes
 * only if its content, compared byte by byte, is on disk: the origin, the last save or a snapshot. Anything else stays,
 * and so does what any process has open, or may have. Nothing outside of RAM is changed; never waits for anybody.
 */
export async function sweepStale(volumes: Iterable<string>, report: Context['report']): Promise<Sweeping> {
  const swept: Swept[] = []
  const kept: Kept[] = []
  for (const volume of volumes) {
    for (const folder of await listAllLiveFolders(volume)) {
      const bytes = bytesBelow(folder)
      const outcome = await sweepFolder(folder, volume)
      if (outcome === 'in use') continue
      const { origin } = outcome
      if ('reason' in outcome) {
        kept.push({ origin, live: livePathIn(folder), bytes, reason: outcome.reason })
        continue
      }
      swept.push({ origin, live: livePathIn(folder), bytes })
      if (origin !== undefined) report({ type: 'swept', origin, live: livePathIn(folder), bytes })
    }
  }
  return { swept, kept }
}

type Outcome = 'in use' | { readonly origin: string | undefined; readonly reason?: string }

async function sweepFolder(folder: string, volume: string): Promise<Outcome> {
  let origin: string | undefined
  try {
    const attachment = await readFromLiveFolder(folder)
    if (attachment === undefined) return await sweepUnfinished(folder)
    origin = attachment.origin
    if (!isGone(folder) && (await isLedTo(attachment))) return 'in use'
    const reason = await sweepLeftBehind(attachment, folder, volume)
    return reason === undefined ? { origin } : { origin, reason }
  } catch (error) {
    // It went away meanwhile, by the hand of its own project.
    if (lookAt(folder) === undefined) return 'in use'
    // One that cannot be looked at must not keep the others.
    if (!(error instanceof DevshmError) && systemCodeOf(error) === undefined) throw error
    return { origin, reason: `cannot be compared: ${reasonOf(error)}` }
  }
}

/** What an attach began and no path ever led to. Without a record nothing says whose it is. */
async function sweepUnfinished(folder: string): Promise<Outcome> {
  const age = Date.now() - Number(lookAt(folder)?.mtimeMs ?? Date.now())
  if (age < BEGINNING_MS) return 'in use'
  if (readdirSync(folder).some((name) => name.endsWith('.sqlite3'))) {
    return { origin: undefined, reason: 'has no record of what it belongs to' }
  }
  if (await hasOpenFiles(folder)) return 'in use'
  await removeGoneFolder(await renameLiveFolderAway(folder))
  return { origin: undefined }
}

/** @returns why it stays */
async function sweepLeftBehind(attachment: Attachment, folder: string, volume: string): Promise<string | undefined> {
  const { origin } = attachment
  // Where it lies may not be where new ones would be put.
  const context = contextOf(origin, { configured: volume, env: {} }, () => undefined)
  const { places } = context
  if ((await readLeases(attachment)).alive.length > 0) return 'is held by a devshm process'
  if (lookAt(join(origin, '..')) === undefined) return `belongs to a project that is gone, or was moved: ${origin}`
  await ensureStore(places)
  using lock = lockIfFree(places.lock)
  if (lock === undefined) return 'belongs to a project that another devshm command is at work on'
  // Another container may be using it under the same path.
  using presence = lockIfFree(places.presence)
  if (presence === undefined) return 'belongs to a project that is in use'
  const situation = await examine(places, context.volume)
  if (situation.lending !== undefined) return 'belongs to a project whose template is being built'
  const stray = situation.strays.find(({ live }) => live === attachment.live)
  if (stray === undefined) return `belongs to a project that was at ${origin} before`
  return await removeIfOnDisk(context, situation, stray, folder)
}

/** Of something nobody has open: as soon as the clock has ticked on since it was last written to. */
async function settledStamp(live: string): Promise<string | undefined> {
  for (let tries = 0; tries < SETTLES_WITHIN_MS / LOOK_AGAIN_MS; tries += 1) {
    const stamp = settledStampOf(live)
    if (stamp !== undefined) return stamp
    await sleep(LOOK_AGAIN_MS)
  }
  return undefined
}

async function removeIfOnDisk(
  context: Context,
  situation: Parameters<typeof isOnDisk>[1],
  stray: Attachment,
  folder: string,
): Promise<string | undefined> {
  const { engine } = context
  const openers = await engine.findOpeners(stray.live, { includeSelf: true })
  if (openers.length > 0) return `is open in ${listOpeners(openers)}`
  const stamp = await settledStamp(stray.live)
  if (stamp === undefined) return 'was written to a moment ago'
  if (!(await isOnDisk(context, situation, stray))) return 'holds what is not on disk'
  const wasGone = isGone(folder)
  const gone = await renameLiveFolderAway(folder)
  const live = join(gone, basename(stray.live))
  // Somebody may have opened it, or written to it, since.
  if (stampOf(live) !== stamp || (await engine.findOpeners(live, { includeSelf: true })).length > 0) {
    if (!wasGone) await renameLiveFolderBack(gone)
    return 'was opened at this very moment'
  }
  await removeGoneFolder(gone)
  return undefined
}
