import { join } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { useLayer } from '../template/in-use.ts'
import { sweepCloneFolders } from '../volume/clone-folder.ts'
import type { CloneEvent } from './events.ts'
import type { TestDatabasesHandle } from './handle.ts'
import { Pool } from './pool.ts'

// Apart from `create.ts`: every worker of a test runner loads this, and none of them needs all that builds templates.

/** Take part in a pool that another process or thread has made. */
export async function openPool(handle: TestDatabasesHandle, report: (event: CloneEvent) => void): Promise<Pool> {
  const { ram, disk, fingerprint } = handle
  const paths = [...('refusal' in ram ? [] : [ram.volume]), handle.cache]
  for (const path of paths) await sweepCloneFolders({ path })
  const use = await useLayer({ locks: join(handle.cache, 'locks') }, fingerprint)
  try {
    if (lookAt(disk) === undefined) throw gone()
    return new Pool({ handle, use, isOwner: false, report })
  } catch (error) {
    use[Symbol.dispose]()
    throw systemCodeOf(error) === 'ENOENT' ? gone() : error
  }
}

function gone(): DevshmError {
  return new DevshmError('USAGE', 'the pool of this handle was closed already', {
    hint: 'keep the pool open for as long as others use its handle',
  })
}
