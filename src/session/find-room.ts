import { join } from 'node:path'
import { lockExclusively } from '../engine/sqlite/file-lock.ts'
import { DevshmError } from '../errors.ts'
import { findVolume, makesOnDemand, volumePaths } from '../volume/find-volume.ts'
import { makeRamDisk, onDemandFolder } from '../volume/make/on-demand.ts'
import type { Volume } from '../volume/volume.ts'
import type { Context } from './context.ts'
import { sweepStale } from './sweep-stale.ts'

/** How long another devshm may take to make a RAM disk, in milliseconds. */
const MAKING_MS = 60_000

/**
 * A volume with room for `neededBytes`. Where there is no RAM-backed folder and the user named none (macOS), a RAM disk
 * is made; and where there is too little room, what was left behind in RAM and is on disk makes some.
 *
 * @throws {DevshmError} `NO_RAM`
 */
export async function findRoom(context: Context, neededBytes: number): Promise<Volume> {
  const { volume: wish, report } = context
  try {
    return await findVolume(wish, neededBytes)
  } catch (error) {
    if (!isNoRam(error)) throw error
    if (makesOnDemand(wish) && (await makeOneUnlessThere(context, neededBytes)))
      return await findVolume(wish, neededBytes)
    const { swept } = await sweepStale(volumePaths(wish), report)
    if (swept.length === 0) throw error
    return await findVolume(wish, neededBytes)
  }
}

/** @returns false if there is one already, which is too small then */
async function makeOneUnlessThere({ volume: wish, report, places }: Context, neededBytes: number): Promise<boolean> {
  try {
    using _lock = await lockExclusively(join(onDemandFolder(wish), 'lock'), { timeoutMs: MAKING_MS })
    const created = await makeRamDisk(wish, neededBytes)
    if (created === 'too small') return false
    if (created === 'there') return true
    report({ type: 'made-volume', origin: places.origin, volume: created.made.path, bytes: created.totalBytes })
    return true
  } catch (error) {
    if (!(error instanceof DevshmError)) throw error
    const { hint, details } = error
    throw new DevshmError('NO_RAM', `no RAM disk can be made: ${error.message}`, { hint, details, cause: error })
  }
}

function isNoRam(error: unknown): boolean {
  return error instanceof DevshmError && error.code === 'NO_RAM'
}
