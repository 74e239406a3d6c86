import { formatBytes } from '../../fs/format-bytes.ts'
import { listCandidates } from '../../volume/find-volume.ts'
import { readMemoryLimit } from '../../volume/memory.ts'
import type { Observation } from '../finding.ts'
import { readSystemFile, type Machine } from '../machine.ts'
import { roomsNeeded } from '../room.ts'
import type { Surroundings } from '../surroundings.ts'

/** Whether there is RAM enough for what is on disk, each database with a journal as large as itself. */
export async function checkMemory(surroundings: Surroundings): Promise<Observation[]> {
  const { machine, volume } = surroundings
  const needed = (await roomsNeeded(surroundings)).reduce((sum, room) => sum + room, 0)
  const candidates = await listCandidates(volume)
  const free = Math.max(0, ...candidates.map((one) => ('volume' in one ? one.volume.freeBytes : 0)))
  const limit = readMemoryLimit((path) => readSystemFile(machine, path))
  const left = Math.min(free, limit === undefined ? free : limit.bytes - limit.used)
  const observations: Observation[] = []
  if (limit !== undefined) {
    const [most, used] = [formatBytes(limit.bytes), formatBytes(limit.used)]
    const message = `is limited to ${most} here (cgroup), of which ${used} are in use; what is in a RAM volume counts`
    observations.push({ level: 'note', subject: 'memory', message })
  }
  // Without any volume that is the finding, and not the memory.
  if (free === 0) return observations
  const numbers = `${formatBytes(Math.max(0, left))} available, ${formatBytes(needed)} needed with journals`
  if (left >= needed) observations.push({ level: 'ok', subject: 'memory', message: `${numbers}${swap(machine)}` })
  else observations.push({ level: 'problem', subject: 'memory', message: `too little: ${numbers}`, remedy: REMEDY })
  return observations
}

const REMEDY = [
  'free some memory, or enlarge the volume (in a container: --shm-size and --memory)',
  'or choose fewer databases with --db, or name a larger volume with DEVSHM_VOLUME',
].join('\n')

function swap(machine: Machine): string {
  const areas = readSystemFile(machine, '/proc/swaps')?.trim().split('\n').slice(1) ?? []
  return areas.length > 0 ? '; swap is on, so it may be written to disk when memory is short' : ''
}
