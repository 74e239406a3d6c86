import { chmodSync, constants, copyFileSync } from 'node:fs'
import { chmod, copyFile } from 'node:fs/promises'

/** Up to this size a copy blocks the event loop, for about 2 ms at most: a trip through the thread pool would cost more. */
const BLOCKING_UP_TO_BYTES = 8_000_000

const HOW = constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL

/** Copy a closed file that nothing writes to, to a new one that only this user can read and write. */
export async function copyTemplate(from: string, to: string, bytes: number): Promise<void> {
  if (bytes <= BLOCKING_UP_TO_BYTES) {
    copyFileSync(from, to, HOW)
    chmodSync(to, 0o600)
  } else {
    await copyFile(from, to, HOW)
    await chmod(to, 0o600)
  }
}
