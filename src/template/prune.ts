import { randomUUID } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { ensureCache, type Cache } from './cache.ts'
import { isInUse } from './in-use.ts'
import { layerFolder, listLayers } from './layer.ts'

export interface PruneLimits {
  /** What was not used for longer goes. */
  readonly maxAgeDays: number
  /** The total that may stay, in bytes; what was used longest ago goes first. */
  readonly maxBytes: number
}

export const USUAL_LIMITS: PruneLimits = { maxAgeDays: 30, maxBytes: 2_000_000_000 }

export interface Pruned {
  readonly removed: readonly { readonly fingerprint: string; readonly bytes: number }[]
  readonly keptBytes: number
}

const DAY_MS = 86_400_000

/** What a crashed build left on the way to the cache is removed after this time, in milliseconds: no build takes longer. */
const ABANDONED_MS = DAY_MS
const FINDINGS_MS = 30 * DAY_MS

/**
 * Remove layers by age and size, never one that is in use. Layers above one that goes are complete by themselves and
 * stay.
 */
export async function prune(cache: Cache, { maxAgeDays, maxBytes }: PruneLimits): Promise<Pruned> {
  ensureCache(cache)
  await removeAbandoned(cache)
  const oldest = Date.now() - maxAgeDays * DAY_MS
  const removed: { fingerprint: string; bytes: number }[] = []
  let keptBytes = 0
  for (const { fingerprint, usedAt, bytes } of listLayers(cache)) {
    const isTooMuch = keptBytes + bytes > maxBytes || usedAt.getTime() < oldest
    if (isTooMuch && !isInUse(cache, fingerprint)) {
      await removeLayer(cache, fingerprint)
      removed.push({ fingerprint, bytes })
    } else {
      keptBytes += bytes
    }
  }
  return { removed, keptBytes }
}

/** In one rename, so that nobody sees half a layer. */
async function removeLayer(cache: Cache, fingerprint: string): Promise<void> {
  const gone = join(cache.unfinished, `gone-${randomUUID()}`)
  try {
    await rename(layerFolder(cache, fingerprint), gone)
  } catch (error) {
    // Another devshm prunes as well.
    if (systemCodeOf(error) === 'ENOENT') return
    throw error
  }
  await rm(gone, { recursive: true, force: true })
}

/** Damaged layers and those of older formats cannot be listed; they go with what crashes left, and so do old locks. */
async function removeAbandoned(cache: Cache): Promise<void> {
  const known = new Set(listLayers(cache).map(({ fingerprint }) => fingerprint))
  const folders = [
    ...readdirSync(cache.unfinished).map((name) => join(cache.unfinished, name)),
    ...readdirSync(cache.locks)
      .filter((name) => !known.has(name.replace(/\..*$/, '')))
      .map((name) => join(cache.locks, name)),
    ...readdirSync(cache.layers)
      .filter((name) => !known.has(name))
      .map((name) => join(cache.layers, name)),
  ]
  await removeOlderThan(ABANDONED_MS, folders)
  // What failed steps and tests have left for the user to look at, a folder for each project.
  const findings = ['failed', 'kept'].map((name) => join(cache.home, name)).flatMap(foldersIn)
  await removeOlderThan(FINDINGS_MS, findings)
}

async function removeOlderThan(ms: number, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const stats = statSync(folder, { throwIfNoEntry: false })
    if (stats !== undefined && Date.now() - stats.mtimeMs > ms) await rm(folder, { recursive: true, force: true })
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name))
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return []
    throw error
  }
}
