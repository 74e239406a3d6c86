import { formatBytes } from '../../fs/format-bytes.ts'
import { lookThrough } from '../../fs/look.ts'
import { listCandidates } from '../../volume/find-volume.ts'
import { largestIn, useOf } from '../../session/volume-use.ts'
import { fullnessOf, NEARLY_FULL } from '../../volume/fullness.ts'
import { tmpfsCommand } from '../../volume/make/tmpfs.ts'
import type { Candidate, Volume } from '../../volume/volume.ts'
import type { Observation } from '../finding.ts'
import { isContainer } from '../machine.ts'
import { readMounts } from '../mounts.ts'
import { mountOf, type Mount } from '../../volume/mounts.ts'
import { plantedIn } from '../../volume/strangers.ts'
import { roomsNeeded } from '../room.ts'
import type { Surroundings } from '../surroundings.ts'

/** The places where RAM was looked for: what each really is, and which one would be used. */
export async function checkVolumes(surroundings: Surroundings): Promise<Observation[]> {
  const { volume, machine } = surroundings
  const mounts = readMounts(machine)
  const candidates = await listCandidates(volume)
  const needed = Math.max(0, ...(await roomsNeeded(surroundings)))
  const usable = candidates.filter((candidate) => 'volume' in candidate)
  const chosen = usable.find((candidate) => candidate.volume.freeBytes >= needed) ?? usable[0]
  const table = candidates.map((candidate): Observation => {
    const level = 'refusal' in candidate && candidate.source !== 'found' ? 'problem' : 'ok'
    const message = describe(candidate, mounts) + (candidate === chosen ? ', would be used' : '')
    return { level, subject: candidate.path, message, ...(level === 'problem' && { remedy: remedyFor(candidate) }) }
  })
  table.push(...(await nearlyFull(usable)))
  const planted = [...new Set(candidates.map(({ path }) => path))].flatMap(unsafe)
  if (chosen !== undefined) return [...table, ...planted]
  // On macOS the platform itself is the finding; a folder that the user named has one already.
  if (candidates.some(({ source }) => source !== 'found') || machine.platform !== 'linux') return [...table, ...planted]
  const message = 'there is no RAM-backed folder here, so `devshm run` would leave the database on disk'
  return [{ level: 'problem', subject: 'RAM', message, remedy: howToGetOne(surroundings) }, ...table]
}

function describe(candidate: Candidate, mounts: readonly Mount[]): string {
  if ('refusal' in candidate) {
    const type = candidate.refusal === 'is not in RAM' ? mountOf(candidate.path, mounts)?.type : undefined
    return candidate.refusal + (type === undefined ? '' : ` (${type})`)
  }
  const { path, freeBytes, totalBytes } = candidate.volume
  return `${mountOf(path, mounts)?.type ?? 'a folder'}, ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`
}

async function nearlyFull(candidates: readonly { readonly volume: Volume }[]): Promise<Observation[]> {
  const full = candidates.filter(({ volume }) => fullnessOf(volume) >= NEARLY_FULL)
  return await Promise.all(
    full.map(async ({ volume: { path, usedBytes } }): Promise<Observation> => {
      const { what, bytes } = largestIn(await useOf(path), usedBytes)
      const message = `is nearly full, most of it taken by ${what} (${formatBytes(bytes)})`
      return { level: 'warning', subject: path, message, remedy: 'devshm volume list   (shows what takes it)' }
    }),
  )
}

function remedyFor({ source, path }: Candidate): string {
  const where = source === 'environment' ? 'DEVSHM_VOLUME' : '"volume" in the configuration'
  return `name a folder in RAM with ${where}, or remove it: devshm then looks for one (${path} is the only place now)`
}

function howToGetOne({ machine }: Surroundings): string {
  const request = { path: '/mnt/devshm', bytes: 2 ** 30, owner: { uid: machine.uid, gid: process.getegid?.() ?? 0 } }
  const byHand = `${tmpfsCommand(request)}\nthen: export DEVSHM_VOLUME=/mnt/devshm`
  if (!isContainer(machine)) return byHand
  const ownMount = 'docker run --tmpfs /ram:size=1g,mode=1777 -e DEVSHM_VOLUME=/ram …'
  return `docker run --shm-size=1g …\nor: ${ownMount}\nor ${byHand}`
}

/** World-writable places let anybody put a folder of that name there first. */
function unsafe(volume: string): Observation[] {
  const planted = lookThrough(volume)?.isDirectory() === true ? plantedIn(volume) : undefined
  if (planted === undefined) return []
  const message = `${planted.problem}, so devshm does not put data there`
  return [{ level: 'problem', subject: planted.path, message, remedy: 'remove it, as its owner or root' }]
}
