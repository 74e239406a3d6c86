import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { liveFolderOf, type Attachment } from './attachment.ts'

/** Copies that commands make beside live, with their journals. */
const COPY = /^(stage|snapshot-stage|diff-[ab]|overwrite-[\da-f-]+)\.sqlite3/

/** Remove the copies that a crashed command left in RAM. Only under the lock: what is there then belongs to nobody. */
export function sweepLiveFolder(attachment: Attachment): void {
  const folder = liveFolderOf(attachment)
  for (const name of readdirSync(folder)) if (COPY.test(name)) rmSync(join(folder, name), { force: true })
}
