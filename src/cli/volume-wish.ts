import { loadConfiguration } from '../project/configuration.ts'
import { findProjectRoot } from '../project/find-project.ts'
import type { VolumeWish } from '../volume/find-volume.ts'
import type { CommonOptions } from './options.ts'

/** Where this project, or nobody's folder, would have its databases. */
export async function volumeWish({ cwd, env }: Pick<CommonOptions, 'cwd' | 'env'>): Promise<VolumeWish> {
  return { configured: (await loadConfiguration(findProjectRoot(cwd))).volume, env }
}
