import { join } from 'node:path'
import { lockExclusively, showPresence, someoneIsPresent, type FileLock } from '../engine/sqlite/file-lock.ts'
import type { Cache } from './cache.ts'

/** Show that a layer is being used; it is not pruned meanwhile. */
export async function useLayer(cache: Pick<Cache, 'locks'>, fingerprint: string): Promise<FileLock> {
  return await showPresence(join(cache.locks, `${fingerprint}.use`))
}

export function isInUse(cache: Cache, fingerprint: string): boolean {
  return someoneIsPresent(join(cache.locks, `${fingerprint}.use`))
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
