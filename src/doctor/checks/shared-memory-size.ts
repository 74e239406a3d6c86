import { formatBytes } from '../../fs/format-bytes.ts'
import { listCandidates } from '../../volume/find-volume.ts'
import type { Observation } from '../finding.ts'
import { isContainer } from '../machine.ts'
import type { Surroundings } from '../surroundings.ts'

/** What container engines give to `/dev/shm` unless they are told otherwise, in bytes. */
const CONTAINER_DEFAULT = 64 * 1024 * 1024

/** A `/dev/shm` as small as containers get it. */
export async function checkSharedMemorySize({ volume, machine }: Surroundings): Promise<Observation[]> {
  const candidates = await listCandidates(volume)
  return candidates.flatMap((candidate): Observation[] => {
    if (!('volume' in candidate)) return []
    const { path, totalBytes } = candidate.volume
    if (totalBytes > CONTAINER_DEFAULT || (path !== '/dev/shm' && candidate.source === 'found')) return []
    const container = isContainer(machine)
    const why = container ? ', the default in a container' : ''
    const message = `has ${formatBytes(totalBytes)} in all${why}; a database and its journal may need twice its size`
    return [{ level: 'warning', subject: path, message, remedy: container ? IN_CONTAINER : remount(path) }]
  })
}

const IN_CONTAINER = [
  'docker run --shm-size=1g …',
  'or, in compose.yaml: shm_size: 1g',
  'or a tmpfs of its own: docker run --tmpfs /ram:size=1g,mode=1777 -e DEVSHM_VOLUME=/ram …',
].join('\n')

function remount(path: string): string {
  return `mount -o remount,size=1g ${path}   (as root)`
}
