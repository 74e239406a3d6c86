import { unlink } from 'node:fs/promises'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from './look.ts'

/**
 * Remove a file or a link, if there is one. To look first costs microseconds, and mostly there is none; to free the blocks
 * of a large file may take a while, and so must not block.
 */
export async function removeFile(path: string): Promise<void> {
  if (lookAt(path) === undefined) return
  try {
    await unlink(path)
  } catch (error) {
    // Somebody was faster.
    if (systemCodeOf(error) !== 'ENOENT') throw error
  }
}
