import { fullnessOf, NEARLY_FULL } from '../volume/fullness.ts'
import { listCandidates, platformOf, type VolumeWish } from '../volume/find-volume.ts'
import { judge } from '../volume/judge.ts'
import { listMadeVolumes } from '../volume/make/index.ts'
import type { MadeVolume } from '../volume/make/made-volume.ts'
import type { Candidate } from '../volume/volume.ts'
import { knownVolumes } from './known-volumes.ts'
import { largestIn, useOf, type Taker, type VolumeUse } from './volume-use.ts'

/** A folder in RAM, and what this user has in it. Part of the `--json` contract: fields are only ever added. */
export interface VolumeReport extends VolumeUse {
  readonly path: string
  /** The next database of this project would be put there. */
  readonly chosen: boolean
  /** Why nothing can be put there. */
  readonly refusal?: string
  /** Set if `devshm volume create` made it; swap is `undefined` where the system does not tell. */
  readonly made?: { readonly kind: MadeVolume['kind']; readonly mayBeSwapped: boolean | undefined }
  /** In bytes; not known of one that this user may not enter. */
  readonly totalBytes?: number
  readonly usedBytes?: number
  readonly freeBytes?: number
  /** What takes most of it, once it is 90% full. */
  readonly nearlyFull?: Taker
}

/** The folders in RAM that matter to this user: usable ones, named ones, and all that devshm made. Changes nothing. */
export async function listVolumes(wish: VolumeWish): Promise<VolumeReport[]> {
  const made = new Map((await listMadeVolumes(wish.env)).map((one) => [one.path, one]))
  const candidates = await listCandidates(wish)
  const chosen = candidates.find((candidate) => 'volume' in candidate)?.volume.path
  const named = candidates.flatMap(({ path, source }) => (source === 'found' ? [] : [path]))
  const known = new Set(await knownVolumes(wish))
  const reports: VolumeReport[] = []
  for (const path of new Set([...known, ...made.keys(), ...named])) {
    const candidate = await judge(path, named.includes(path) ? 'configuration' : 'found', platformOf(wish))
    if ('volume' in candidate && candidate.volume.path !== path) continue
    const about = made.get(path)
    if ('refusal' in candidate && about === undefined && !named.includes(path)) continue
    const use = known.has(path) ? await useOf(path) : { projects: [], buildBytes: 0, cloneBytes: 0 }
    reports.push({ ...use, path, chosen: path === chosen, ...factsOf(candidate, use), ...describeMade(about) })
  }
  return reports
}

function factsOf(candidate: Candidate, use: VolumeUse): Partial<VolumeReport> {
  if ('refusal' in candidate) return { refusal: candidate.refusal }
  const { totalBytes, usedBytes, freeBytes } = candidate.volume
  const isNearlyFull = fullnessOf(candidate.volume) >= NEARLY_FULL
  return { totalBytes, usedBytes, freeBytes, ...(isNearlyFull && { nearlyFull: largestIn(use, usedBytes) }) }
}

function describeMade(made: MadeVolume | undefined): Pick<VolumeReport, 'made'> {
  return made === undefined ? {} : { made: { kind: made.kind, mayBeSwapped: made.mayBeSwapped } }
}
