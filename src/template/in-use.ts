import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { lockExclusively, lockIfFree, showPresence, type FileLock } from '../engine/sqlite/file-lock.ts'
import type { Cache } from './cache.ts'
import { noteUse, readLayer, type Layer } from './layer.ts'

/** Show that a layer is being used, or is about to be made; it is not pruned meanwhile. */
export async function useLayer(cache: Pick<Cache, 'locks'>, fingerprint: string): Promise<FileLock> {
  try {
    return await showPresence(join(cache.locks, `${fingerprint}.use`))
  } catch (error) {
    // A cache that this user can only read: nothing can be shown there, and nothing can be pruned.
    if (!canWrite(cache.locks)) return { [Symbol.dispose]: () => undefined }
    throw error
  }
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

export interface OpenLayer extends Disposable {
  /** Not pruned until disposed. */
  readonly layer: Layer
}

/** Use a layer, and note that, if it is in the cache. */
export async function openLayer(cache: Cache, fingerprint: string): Promise<OpenLayer | undefined> {
  if (readLayer(cache, fingerprint) === undefined) return undefined
  const use = await useLayer(cache, fingerprint)
  // Read again: it may have been pruned before we showed that we use it.
  const layer = readLayer(cache, fingerprint)
  if (layer === undefined) {
    use[Symbol.dispose]()
    return undefined
  }
  noteUse(cache, fingerprint)
  return { layer, [Symbol.dispose]: () => use[Symbol.dispose]() }
}

/** Keep everybody from using a layer that nobody uses; `undefined`: somebody does. */
export function lockUnused(cache: Cache, fingerprint: string): FileLock | undefined {
  return lockIfFree(join(cache.locks, `${fingerprint}.use`))
}

/** One process builds a layer; the others wait for it. A builder that dies frees it. */
export async function lockLayer(
  cache: Cache,
  fingerprint: string,
  onWait: (holders: string) => void,
): Promise<FileLock> {
  return await lockExclusively(join(cache.locks, `${fingerprint}.build`), {
    timeoutMs: Number.POSITIVE_INFINITY,
    onWait,
  })
}
