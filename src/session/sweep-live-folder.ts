import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { liveFolderOf, type Attachment } from './attachment.ts'

/** Copies that commands make beside live, with their journals. */
const COPY = /^(stage|snapshot-stage|fresh|second|diff-[ab]|overwrite-[\da-f-]+)\.sqlite3/

/** The same of `status`, which takes no lock: with its pid. */
const COPY_OF_STATUS = /^status-(\d+)\.sqlite3/

/** Remove the copies that a crashed command left in RAM. Only under the lock: what is there then belongs to nobody. */
export function sweepLiveFolder(attachment: Attachment): void {
  const folder = liveFolderOf(attachment)
  for (const name of readdirSync(folder)) {
    const pid = COPY_OF_STATUS.exec(name)?.[1]
    if (pid === undefined ? COPY.test(name) : !exists(Number(pid))) rmSync(join(folder, name), { force: true })
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCodeOf(error) !== 'ESRCH'
  }
}
