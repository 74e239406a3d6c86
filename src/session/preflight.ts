import { linkTarget, lookAt } from '../fs/look.ts'
import { looksLikeBuild } from '../volume/build-folder.ts'
import { looksLikeLive } from '../volume/live-folder.ts'
import { roomFor } from './attach.ts'
import type { Context } from './context.ts'
import { explainingFailures } from './explain-failure.ts'
import { findRoom } from './find-room.ts'
import { examineOrigin, requireClosed } from './origin.ts'
import { requireOwnHome } from './store.ts'

/**
 * Where devshm has never been, find out whether attaching can work before even a folder is made.
 *
 * @throws {DevshmError} what {@link attach} would throw
 */
export async function preflight(context: Context): Promise<void> {
  const { places } = context
  const target = linkTarget(places.origin)
  if (target !== undefined && (looksLikeLive(target) || looksLikeBuild(target))) return
  requireOwnHome(places)
  if (lookAt(places.store) !== undefined) return
  await explainingFailures(places, async () => {
    const origin = await examineOrigin(context)
    await requireClosed(context)
    await findRoom(context, roomFor(origin))
  })
}
