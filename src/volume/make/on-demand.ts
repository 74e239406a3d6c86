import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { ensurePrivateDirectory } from '../../fs/private-directory.ts'
import { onDemandPath, platformOf, wishesFor, type VolumeWish } from '../find-volume.ts'
import { totalMemory } from '../memory.ts'
import { createVolume, type Created } from './create-volume.ts'
import { volumeMaker } from './index.ts'

/** The least that is worth a RAM disk, in bytes; what is not filled takes no memory. */
const LEAST_BYTES = 256 * 2 ** 20

/** Databases grow, and others come to lie beside the first. */
const TIMES_THE_NEED = 4

/** Whether a RAM disk is made for whoever names no volume: on macOS, which has no file system in RAM by itself. */
export function makesOnDemand(wish: VolumeWish): boolean {
  return platformOf(wish) === 'darwin' && wishesFor(wish) === undefined
}

/**
 * Make the RAM disk of a user, sized from the database. It stays until it is removed, or until a restart.
 *
 * @returns `undefined`: there is one, and it is too small
 * @throws {DevshmError} as {@link createVolume} does; nothing is left then
 */
export async function makeRamDisk(wish: VolumeWish, neededBytes: number): Promise<Created | undefined> {
  const maker = volumeMaker(wish.env, platformOf(wish))
  const path = onDemandPath(wish.env)
  if ((await maker.list()).some((made) => made.path === path)) return undefined
  const parent = dirname(path)
  mkdirSync(dirname(parent), { recursive: true })
  ensurePrivateDirectory(parent)
  const wanted = Math.max(LEAST_BYTES, TIMES_THE_NEED * neededBytes)
  const bytes = Math.ceil(Math.max(neededBytes, Math.min(wanted, totalMemory() / 2)) / 2 ** 20) * 2 ** 20
  const owner = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 }
  return await createVolume(maker, { path, bytes, owner })
}
