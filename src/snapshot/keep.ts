import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { PinnedDatabase } from '../engine/engine.ts'
import { requireSpace } from '../fs/space.ts'
import { syncDirectory } from '../fs/sync.ts'
import { lookAt } from '../fs/look.ts'
import type { Context } from '../session/context.ts'
import { checkAndSync, writeOut } from '../session/write-out.ts'
import { dateAfterOthers } from './date.ts'
import { listSnapshots } from './list.ts'
import { snapshotPath } from './names.ts'
import type { Stage } from './staging.ts'

/**
 * Make a staged copy a snapshot: on disk, checked, synced, owner-only, named in one step. The stage is used up.
 *
 * @throws {DevshmError} `NO_SPACE`, `COPY_DAMAGED`; there is no new snapshot then
 */
export async function keepStage(
  context: Context,
  { path, isInRam }: Stage,
  pinned: PinnedDatabase,
  name: string,
): Promise<string> {
  const { places } = context
  const written = isInRam ? join(places.unfinished, 'snapshot.sqlite3') : path
  try {
    if (isInRam) {
      await requireSpace(places.unfinished, pinned.bytes, `keeping what ${places.origin} holds`)
      await rm(written, { force: true })
      await writeOut(context, path, written, pinned)
    } else {
      // Not disposed of before: where SQLite cannot vouch for a copy, it is compared with a second one.
      await checkAndSync(context, written, pinned)
      pinned[Symbol.dispose]()
    }
    const to = snapshotPath(places, name)
    await dateAfterOthers(places, written)
    await rename(written, to)
    await syncDirectory(dirname(to))
    return to
  } finally {
    for (const each of new Set([path, written])) await rm(each, { force: true })
  }
}

/** A snapshot that has the very content of a staged copy. */
export async function findSame(
  { engine, places }: Context,
  { path }: Pick<Stage, 'path'>,
): Promise<string | undefined> {
  const size = lookAt(path)?.size ?? 0n
  for (const snapshot of listSnapshots(places)) {
    // While attached, `@attach` is the original: it goes back to the path, and is then no snapshot any more.
    if (BigInt(snapshot.bytes) !== size || snapshot.path === places.attachSnapshot) continue
    if (await engine.haveSameContent(path, snapshot.path, { ignoreJournalMode: true })) return snapshot.name
  }
  return undefined
}
