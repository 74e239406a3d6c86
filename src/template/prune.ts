import { randomUUID } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockIfFree } from '../engine/sqlite/file-lock.ts'
import { systemCodeOf } from '../errors.ts'
import { explainingFailures } from '../session/explain-failure.ts'
import { ensureCache, type Cache } from './cache.ts'
import { lockUnused } from './in-use.ts'
import { layerFolder, listLayers } from './layer.ts'
import { listTestTemplates, testTemplateFolder } from './test-template.ts'

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
 * Remove layers and templates of test databases by age and size, never a layer that is in use. Layers above one that goes
 * are complete by themselves and stay. A test database takes a moment to fill from an open file: nothing is in its way.
 */
export async function prune(cache: Cache, limits: PruneLimits): Promise<Pruned> {
  return await explainingFailures({ origin: `the template cache ${cache.home}` }, () => pruneNow(cache, limits))
}

async function pruneNow(cache: Cache, { maxAgeDays, maxBytes }: PruneLimits): Promise<Pruned> {
  ensureCache(cache)
  await removeAbandoned(cache)
  const oldest = Date.now() - maxAgeDays * DAY_MS
  const removed: { fingerprint: string; bytes: number }[] = []
  let keptBytes = 0
  for (const { fingerprint, folder, usedAt, bytes, lock } of everythingIn(cache)) {
    const isTooMuch = keptBytes + bytes > maxBytes || usedAt.getTime() < oldest
    using unused = isTooMuch ? lock() : undefined
    if (unused !== undefined) {
      await removeFolder(cache, folder)
      removed.push({ fingerprint, bytes })
    } else {
      keptBytes += bytes
    }
  }
  return { removed, keptBytes }
}

interface Kept {
  readonly fingerprint: string
  readonly folder: string
  readonly usedAt: Date
  readonly bytes: number
  /** Keeps everybody from using it; `undefined`: somebody does. */
  readonly lock: () => Disposable | undefined
}

const NOT_NEEDED: Disposable = { [Symbol.dispose]: () => undefined }

/** What was used last comes first. */
function everythingIn(cache: Cache): Kept[] {
  const layers = listLayers(cache).map(({ fingerprint, usedAt, bytes }) => {
    const folder = layerFolder(cache, fingerprint)
    return { fingerprint, folder, usedAt, bytes, lock: () => lockUnused(cache, fingerprint) }
  })
  const tests = listTestTemplates(cache).map(({ key, usedAt, bytes }) => {
    return { fingerprint: key, folder: testTemplateFolder(cache, key), usedAt, bytes, lock: () => NOT_NEEDED }
  })
  // A time to come is that of a clock that was set back since: it says nothing, and must not outlast what is used now.
  const until = Date.now() + DAY_MS
  const time = ({ usedAt }: Kept): number => (usedAt.getTime() > until ? 0 : usedAt.getTime())
  return [...layers, ...tests].toSorted((a, b) => time(b) - time(a))
}

/** In one rename, so that nobody sees half of it. */
async function removeFolder(cache: Cache, folder: string): Promise<void> {
  const gone = join(cache.unfinished, `gone-${randomUUID()}`)
  try {
    await rename(folder, gone)
  } catch (error) {
    // Another devshm prunes as well.
    if (systemCodeOf(error) === 'ENOENT') return
    throw error
  }
  await rm(gone, { recursive: true, force: true })
}

/** What is damaged or of an older format cannot be listed; it goes with what crashes left, and so do old locks. */
async function removeAbandoned(cache: Cache): Promise<void> {
  const known = new Set(everythingIn(cache).map(({ fingerprint }) => fingerprint))
  const unknownIn = (folder: string): string[] =>
    readdirSync(folder)
      .filter((name) => !known.has(name.replace(/\..*$/, '')))
      .map((name) => join(folder, name))
      .filter((path) => isOlderThan(ABANDONED_MS, path))
  for (const lock of unknownIn(cache.locks)) {
    // A lock's times are those of its making: it may be in use again.
    using unused = lockIfFree(lock)
    if (unused !== undefined) await rm(lock, { force: true })
  }
  // What is remembered is written under a name of the process's own first.
  for (const name of readdirSync(cache.facts).filter((each) => /[.-]\d+(\.new)?$/.test(each))) {
    const path = join(cache.facts, name)
    if (isOlderThan(ABANDONED_MS, path)) await rm(path, { force: true })
  }
  // What failed steps and tests have left for the user to look at, a folder for each project.
  const findings = ['failed', 'kept']
    .map((name) => join(cache.home, name))
    .flatMap(foldersIn)
    .filter((path) => isOlderThan(FINDINGS_MS, path))
  for (const folder of [...[cache.unfinished, cache.layers, cache.tests].flatMap(unknownIn), ...findings]) {
    await rm(folder, { recursive: true, force: true })
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

function isOlderThan(ms: number, path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats !== undefined && Date.now() - stats.mtimeMs > ms
}
