import { existsSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A control group of the kernel with a memory limit, as a container engine makes one. */
export interface MemoryGroup extends Disposable {
  /** Where the kernel has its files: a process enters by writing its pid to `cgroup.procs` there. */
  readonly folder: string
  readonly version: 1 | 2
}

/** `undefined` where this user may make none. */
export function createMemoryGroup(bytes: number): MemoryGroup | undefined {
  return (
    tryVersion(1, '/sys/fs/cgroup/memory', 'memory.limit_in_bytes', bytes) ??
    tryVersion(2, '/sys/fs/cgroup', 'memory.max', bytes)
  )
}

function tryVersion(version: 1 | 2, root: string, limit: string, bytes: number): MemoryGroup | undefined {
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(root, 'devshm-test-'))
    // A plain file where no control groups are.
    if (!existsSync(join(folder, limit))) throw new Error('the memory controller is not on')
    writeFileSync(join(folder, limit), String(bytes))
    const path = folder
    return { folder, version, [Symbol.dispose]: () => rmdirSync(path) }
  } catch {
    if (folder !== undefined) rmdirSync(folder)
    return undefined
  }
}
