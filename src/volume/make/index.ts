import { DevshmError } from '../../errors.ts'
import type { MadeVolume, VolumeMaker } from './made-volume.ts'
import { ramDiskMaker } from './ram-disk.ts'
import { tmpfsMaker } from './tmpfs.ts'

/**
 * How volumes are made here.
 *
 * @throws {DevshmError} `UNSUPPORTED`
 */
export function volumeMaker(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): VolumeMaker {
  if (platform === 'linux') return tmpfsMaker(env)
  if (platform === 'darwin') return ramDiskMaker(env)
  throw new DevshmError('UNSUPPORTED', `devshm makes no volumes on this system (${platform})`, {
    hint: 'mount a file system in RAM yourself, and name it with DEVSHM_VOLUME',
  })
}

/** Every volume that was made for devshm on this machine; none where it makes none. */
export async function listMadeVolumes(env: NodeJS.ProcessEnv): Promise<MadeVolume[]> {
  if (process.platform !== 'linux' && process.platform !== 'darwin') return []
  return await volumeMaker(env).list()
}
