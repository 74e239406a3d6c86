import { accessSync, constants } from 'node:fs'
import { volumePaths, type VolumeWish } from '../volume/find-volume.ts'
import { listMadeVolumes } from '../volume/make/index.ts'

/**
 * Every folder in RAM where this user may have databases: what this project names, the usual places, and all that
 * `devshm volume create` made. Each by its one real path.
 */
export async function knownVolumes(wish: VolumeWish): Promise<string[]> {
  const made = (await listMadeVolumes(wish.env)).map(({ path }) => path)
  // The volume that this project names holds its own; those of other projects lie in the usual places.
  const paths = new Set([...volumePaths(wish), ...volumePaths({ env: wish.env }), ...made])
  return [...paths].filter(mayEnter)
}

/** A volume that was made for another user is closed to this one. */
function mayEnter(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
