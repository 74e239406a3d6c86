import { DevshmError } from '../errors.ts'
import { findVolume, volumePaths } from '../volume/find-volume.ts'
import { makesOnDemand, makeRamDisk } from '../volume/make/on-demand.ts'
import type { Volume } from '../volume/volume.ts'
import type { Context } from './context.ts'
import { sweepStale } from './sweep-stale.ts'

/**
 * A volume with room for `neededBytes`. Where there is none, what was left behind in RAM and is on disk makes room first;
 * and where there is no RAM-backed folder at all and the user named none (macOS), a RAM disk is made.
 *
 * @throws {DevshmError} `NO_RAM`
 */
export async function findRoom({ volume: wish, report, places }: Context, neededBytes: number): Promise<Volume> {
  try {
    return await findVolume(wish, neededBytes)
  } catch (error) {
    if (!(error instanceof DevshmError) || error.code !== 'NO_RAM') throw error
    if (makesOnDemand(wish)) {
      const created = await makeRamDisk(wish, neededBytes)
      if (created !== undefined) {
        report({ type: 'made-volume', origin: places.origin, volume: created.made.path, bytes: created.totalBytes })
        return await findVolume(wish, neededBytes)
      }
    }
    const { swept } = await sweepStale(volumePaths(wish), report)
    if (swept.length === 0) throw error
    return await findVolume(wish, neededBytes)
  }
}
