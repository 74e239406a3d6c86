import { mkdirSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { ensurePrivateDirectory } from '../../fs/private-directory.ts'
import { onDemandPath, platformOf, type VolumeWish } from '../find-volume.ts'
import { totalMemory } from '../memory.ts'
import { createVolume, type Created } from './create-volume.ts'
import { volumeMaker } from './index.ts'

/** The least that is worth a RAM disk, in bytes; what is not filled takes no memory. */
const LEAST_BYTES = 256 * 2 ** 20

/** Databases grow, and others come to lie beside the first. */
const TIMES_THE_NEED = 4

/** The private folder that it is mounted in, which is made if need be. */
export function onDemandFolder({ env }: VolumeWish): string {
  const folder = dirname(onDemandPath(env))
  mkdirSync(dirname(folder), { recursive: true })
  ensurePrivateDirectory(folder)
  return folder
}

/**
 * Make the RAM disk of a user, sized from the database. It stays until it is removed, or until a restart. Only one
 * process at a time may do this.
 *
 * @returns `there`, or `too small`: there is one already
 * @throws {DevshmError} as {@link createVolume} does; nothing is left then
 */
export async function makeRamDisk(wish: VolumeWish, neededBytes: number): Promise<Created | 'there' | 'too small'> {
  const maker = volumeMaker(wish.env, platformOf(wish))
  const path = onDemandPath(wish.env)
  if ((await maker.list()).some((made) => made.path === path)) {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize >= neededBytes ? 'there' : 'too small'
  }
  const wanted = Math.max(LEAST_BYTES, TIMES_THE_NEED * neededBytes)
  const bytes = Math.ceil(Math.max(neededBytes, Math.min(wanted, totalMemory() / 2)) / 2 ** 20) * 2 ** 20
  const owner = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
  return await createVolume(maker, { path, bytes, owner })
}
