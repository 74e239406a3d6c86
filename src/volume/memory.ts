import { readFileSync } from 'node:fs'
import { freemem } from 'node:os'
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
  const limit = readMemoryLimit(readIfThere)
  return Math.min(
    machineMemory(),
    limit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, limit.bytes - limit.used),
  )
}

/**
 * What a container may use, as seen from inside of it; `undefined` where it is not limited. A page of a tmpfs counts as
 * memory of the group that wrote it.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files
 */
export function readMemoryLimit(read: ReadSystemFile): MemoryLimit | undefined {
  return (
    limitOf(read, '/sys/fs/cgroup', 'memory.max', 'memory.current', 'inactive_file') ??
    limitOf(read, '/sys/fs/cgroup/memory', 'memory.limit_in_bytes', 'memory.usage_in_bytes', 'total_inactive_file')
  )
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
