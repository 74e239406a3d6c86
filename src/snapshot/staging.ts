import { join } from 'node:path'
import type { OnProgress, PinnedDatabase } from '../engine/engine.ts'
import { freeBytes, requireSpace } from '../fs/space.ts'
import { rm } from 'node:fs/promises'
import { liveFolderOf, type Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'

export interface Stage {
  readonly path: string
  readonly isInRam: boolean
}

/**
 * Copy a pinned state at memory speed, so that the app waits no longer than that: into RAM where there is room for it
 * and for the app's own journal, else to disk. As a plain file with a rollback journal.
 */
export async function stage(
  context: Context,
  attachment: Attachment | undefined,
  pinned: PinnedDatabase,
  onProgress: OnProgress | undefined,
): Promise<Stage> {
  const { engine, places } = context
  const ram = attachment === undefined ? undefined : liveFolderOf(attachment)
  const isInRam = ram !== undefined && (await freeBytes(ram)) > 3 * pinned.bytes
  if (!isInRam) await requireSpace(places.unfinished, pinned.bytes, `keeping what ${places.origin} holds`)
  const path = join(isInRam ? ram : places.unfinished, 'snapshot-stage.sqlite3')
  await rm(path, { force: true })
  await pinned.copyTo(path, 0o600, { onProgress })
  if (pinned.pageCount > 0) await engine.setJournalMode(path, 'rollback')
  return { path, isInRam }
}
