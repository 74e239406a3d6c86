import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import { removeFile } from '../fs/remove.ts'
import type { Context } from './context.ts'

/**
 * A log or journal beside the origin's path is not live's (that lies beside live). Left there, it would be applied to
 * the file that is about to come.
 */
export async function moveStraySidecarsAside({ engine, places, report }: Context): Promise<void> {
  for (const path of engine.sidecarsOf(places.origin)) {
    const stats = lookAt(path)
    if (stats === undefined) continue
    if (stats.size === 0n || path.endsWith('-shm')) {
      await removeFile(path)
      continue
    }
    const to = join(places.store, `stray-${Date.now()}-${basename(path)}`)
    await rename(path, to)
    report({ type: 'moved-aside', origin: places.origin, path, to })
  }
}
