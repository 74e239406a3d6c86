import { join } from 'node:path'
import type { PinnedDatabase } from '../engine/engine.ts'
import { DevshmError } from '../errors.ts'
import { removeFile } from '../fs/remove.ts'
import type { Context } from './context.ts'

/**
 * Make sure that a copy that was just made is what was pinned.
 *
 * A sound structure is enough. Where it cannot be shown (a function that only the app has, a fault that the origin
 * always had), the copy is compared with a second one of the same state instead. A faithful copy of a faulty database is a good save, and is reported.
 *
 * @throws {DevshmError} `COPY_DAMAGED`
 */
export async function requireFaithful(context: Context, written: string, pinned: PinnedDatabase): Promise<void> {
  const { engine, places, report } = context
  const verdict = await engine.verify(written, pinned)
  if (verdict.sound) return
  const second = join(places.unfinished, 'second.sqlite3')
  try {
    await pinned.copyTo(second, 0o600)
    if (!(await engine.haveSameContent(written, second, { ignoreJournalMode: true }))) {
      throw copyDamaged(context, written, verdict.reason)
    }
  } finally {
    await removeFile(second)
  }
  report({ type: 'inherited-fault', origin: places.origin, reason: verdict.reason })
}

export function copyDamaged({ places }: Context, path: string, reason: string): DevshmError {
  return new DevshmError('COPY_DAMAGED', `the copy of ${places.origin} on disk is damaged: ${reason}`, {
    hint: 'check the disk and its free space; the database itself and earlier copies of it are untouched',
    details: { path, reason },
  })
}
