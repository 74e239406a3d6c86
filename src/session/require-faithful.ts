import { join } from 'node:path'
import type { PinnedDatabase } from '../engine/engine.ts'
import { DevshmError } from '../errors.ts'
import { removeFile } from '../fs/remove.ts'
import type { Context } from './context.ts'

/**
 * Make sure that a copy that was just written to disk is what was pinned.
 *
 * A sound structure is enough. Where it cannot be shown (a function that only the app has, a fault that the origin
 * always had), the copy is compared with a second one of the same state instead: the one in RAM it was written from, or
 * one that is made now. A faithful copy of a faulty database is a good save, and is reported.
 *
 * @throws {DevshmError} `COPY_DAMAGED`
 */
export async function requireFaithful(
  context: Context,
  written: string,
  pinned: PinnedDatabase,
  stage: string | undefined,
): Promise<void> {
  const { engine, places, report } = context
  const verdict = await engine.verify(written, pinned)
  if (verdict.sound) return
  const second = stage ?? join(places.unfinished, 'second.sqlite3')
  try {
    if (stage === undefined) await pinned.copyTo(second, 0o600)
    if (await engine.haveSameContent(written, second, { ignoreJournalMode: true })) {
      report({ type: 'inherited-fault', origin: places.origin, reason: verdict.reason })
      return
    }
  } finally {
    if (stage === undefined) await removeFile(second)
  }
  throw new DevshmError('COPY_DAMAGED', `the copy of ${places.origin} on disk is damaged: ${verdict.reason}`, {
    hint: 'check the disk and its free space; the database in RAM and the last save are untouched',
    details: { path: written, reason: verdict.reason },
  })
}
