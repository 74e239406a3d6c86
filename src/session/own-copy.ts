import { rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { requireSpace } from '../fs/space.ts'
import { syncDirectory, syncFile } from '../fs/sync.ts'
import { forgetInStore, journalModeOnDisk, type Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import { forgetLastSave } from './last-save.ts'
import { requireFaithful } from './require-faithful.ts'
import { moveStraySidecarsAside } from './stray-sidecars.ts'
import { ensureStore } from './store.ts'

/**
 * The project was copied while attached (`cp -a`), so its link leads to the first one's live database. Give it a file
 * of its own with what it reads there now; the first one's is only read.
 */
export async function takeOwnCopy(context: Context, theirs: Attachment): Promise<void> {
  const { engine, places, report } = context
  await ensureStore(places)
  const copy = join(places.unfinished, 'own.sqlite3')
  using pinned = await engine.pin(theirs.live)
  await requireSpace(places.store, pinned.bytes, `a copy of ${theirs.origin} for this project`)
  await pinned.copyTo(copy, (await stat(theirs.live)).mode & 0o7777)
  if (theirs.journal === 'wal') {
    await engine.setJournalMode(copy, journalModeOnDisk(theirs))
  }
  await syncFile(copy)
  await requireFaithful(context, copy, pinned)
  await moveStraySidecarsAside(context)
  await rename(copy, places.origin)
  await syncDirectory(dirname(places.origin))
  // Copied along: they speak of the first project.
  await forgetLastSave(places)
  await forgetInStore(places)
  report({ type: 'copied', origin: places.origin, from: theirs.origin, bytes: pinned.bytes })
}
