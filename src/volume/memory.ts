import { readFileSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import { systemCodeOf } from '../errors.ts'

/** The text of a system file, or `undefined` where there is none that this user may read. */
export type ReadSystemFile = (path: string) => string | undefined

export interface MemoryLimit {
  readonly bytes: number
  /** Without file cache, which the kernel gives back when memory is short. */
  readonly used: number
}

/** Bytes of memory that can still be filled: what the machine has available, or less where a container is limited. */
export function availableMemory(): number {
  return Math.min(machineMemory(), memoryLeftInLimit() ?? Number.POSITIVE_INFINITY)
}

/** Bytes that a container, or a service, may still use; `undefined` where nothing limits it. */
export function memoryLeftInLimit(): number | undefined {
  const limit = readMemoryLimit(readIfThere)
  return limit === undefined ? undefined : Math.max(0, limit.bytes - limit.used)
}

/**
 * What this process may use, where it is limited: of its own control group and all above it the one that has the least
 * left. Inside of a container its own is the topmost that can be seen. A page of a tmpfs counts as memory of the group
 * that wrote it.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
 */
export function readMemoryLimit(read: ReadSystemFile): MemoryLimit | undefined {
  const groups = read('/proc/self/cgroup') ?? ''
  const limits = [
    ...foldersOf('/sys/fs/cgroup', /^0::(.*)$/m.exec(groups)?.[1]).map((folder) =>
      limitOf(read, folder, 'memory.max', 'memory.current', 'inactive_file'),
    ),
    ...foldersOf('/sys/fs/cgroup/memory', /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(groups)?.[1]).map((folder) =>
      limitOf(read, folder, 'memory.limit_in_bytes', 'memory.usage_in_bytes', 'total_inactive_file'),
    ),
  ]
  const left = ({ bytes, used }: MemoryLimit): number => bytes - used
  return limits.filter((limit) => limit !== undefined).toSorted((a, b) => left(a) - left(b))[0]
}

/** Where the kernel shows a group and all above it, from the top; a container may see only the top, as its own. */
function foldersOf(root: string, group = '/'): string[] {
  const parts = group.split('/').filter((part) => part !== '' && part !== '..')
  return [root, ...parts.map((_, index) => `${root}/${parts.slice(0, index + 1).join('/')}`)]
}

/** More than any machine has: how version 1 of cgroups writes "no limit", rounded to pages. */
const NO_LIMIT = 2 ** 60

function limitOf(
  read: ReadSystemFile,
  folder: string,
  limit: string,
  usage: string,
  cache: string,
): MemoryLimit | undefined {
  const bytes = Number(read(`${folder}/${limit}`) ?? Number.NaN)
  const charged = Number(read(`${folder}/${usage}`) ?? Number.NaN)
  if (!Number.isFinite(bytes) || bytes >= NO_LIMIT || !Number.isFinite(charged)) return undefined
  const statistics = read(`${folder}/memory.stat`) ?? ''
  const reclaimable = Number(new RegExp(`^${cache} (\\d+)$`, 'm').exec(statistics)?.[1] ?? 0)
  return { bytes, used: Math.max(0, charged - reclaimable) }
}

/** Bytes of memory that there are in all, for this process. */
export function totalMemory(): number {
  return Math.min(totalmem(), readMemoryLimit(readIfThere)?.bytes ?? Number.POSITIVE_INFINITY)
}

function machineMemory(): number {
  const meminfo = readIfThere('/proc/meminfo')
  const kilobytes = meminfo === undefined ? undefined : /^MemAvailable:\s+(\d+) kB/m.exec(meminfo)?.[1]
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return undefined
    throw error
  }
}
