import { chmod, constants, copyFile, stat } from 'node:fs/promises'
import type { PinnedDatabase } from '../engine/engine.ts'
import { both } from '../fs/both.ts'
import { syncFile } from '../fs/sync.ts'
import type { Context } from './context.ts'
import { giveOwnerOf } from './ownership.ts'
import { copyDamaged, requireFaithful } from './require-faithful.ts'

/**
 * Copy a stage, a closed copy in RAM of what was pinned, to disk: faithful ({@link requireFaithful}) and synced when this
 * resolves, with the stage's permissions and owner.
 *
 * The stage is checked in one thread while it is written out in another, which takes about as long; that the copy has
 * the very bytes that were checked is seen while the disk syncs it.
 *
 * @throws {DevshmError} `COPY_DAMAGED`
 */
export async function writeOut(
  context: Context,
  stage: string,
  written: string,
  pinned: Pick<PinnedDatabase, 'pageCount' | 'pageSize'>,
): Promise<void> {
  const { engine, places, report } = context
  const [verdict] = await both(engine.verify(stage, pinned), copySynced(context, stage, written))
  if (!verdict.sound) report({ type: 'inherited-fault', origin: places.origin, reason: verdict.reason })
}

/** The same for a copy that was made on disk at once, because RAM had no room for a stage. */
export async function checkAndSync(context: Context, written: string, pinned: PinnedDatabase): Promise<void> {
  await both(requireFaithful(context, written, pinned), syncFile(written))
}

async function copySynced(context: Context, stage: string, written: string): Promise<void> {
  await copyFile(stage, written, constants.COPYFILE_FICLONE)
  await chmod(written, (await stat(stage)).mode & 0o7777)
  await giveOwnerOf(stage, written)
  const [isSame] = await both(context.engine.haveSameContent(stage, written), syncFile(written))
  if (!isSame) throw copyDamaged(context, written, `it differs from ${stage}, which it was written from`)
}
