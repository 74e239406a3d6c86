import { lstat, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { chmodIfDifferent } from './ownership.ts'
import { inodeOf, lookAt } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import type { Opener } from '../process/open-files.ts'
import { removeGoneFolder, renameLiveFolderAway } from '../volume/live-folder.ts'
import { forgetInStore, liveFolderOf, recordInStore, routeOf, type Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { detachWithoutLink } from './detach-without-link.ts'
import { goBack } from './go-back.ts'
import { forgetLastSave } from './last-save.ts'
import { openersAfterAMoment, untilClosed } from './late-openers.ts'
import { save, type SaveOutcome } from './save.ts'
import { settledStampOf } from './stamp.ts'
import { moveStraySidecarsAside } from './stray-sidecars.ts'
import { isLinkedTo } from './swap.ts'

export type Detached =
  | { readonly detached: true; readonly changed: boolean; readonly bytes: number }
  /** It stays in RAM, saved, because of these processes. */
  | { readonly detached: false; readonly openers: readonly Opener[]; readonly saved: SaveOutcome }
  /** The user put something else at the path in this very moment. */
  | { readonly detached: false; readonly openers: readonly []; readonly saved: SaveOutcome }

/** How long processes that are just ending may take to close the database: looks of 40 ms each. */
const LOOKS_BEFORE_GIVING_UP = 25

/**
 * Save, and make the origin a regular file again by one rename. Content that did not change is not rewritten: the
 * original file comes back. Called under the database's lock, when nobody but `ignore` (devshm's own) holds it.
 *
 * If a process has live open, everything stays as it is, saved: two copies that both accept writes would be the end of
 * one of them.
 */
export async function detach(
  context: Context,
  attachment: Attachment,
  ignore: ReadonlySet<number> = new Set(),
): Promise<Detached> {
  const { engine, places } = context
  const { live } = attachment
  const openers = await openersAfterAMoment(context, live, {
    looks: LOOKS_BEFORE_GIVING_UP,
    ignore,
    includeSelf: true,
  })
  if (openers.length > 0) return { detached: false, openers, saved: await save(context, attachment) }

  using held = new DisposableStack()
  held.use(await engine.lockWriters(live))
  await reach(context, 'detach:locked')
  const saved = await save(context, attachment)
  await reach(context, 'detach:saved')
  const copy = await originalIfUnchanged(context, saved)
  const changed = copy !== places.attachSnapshot && copy !== undefined
  if (copy !== undefined) await chmodIfDifferent(copy, (await stat(live)).mode & 0o7777)
  if (routeOf(attachment) === 'hook') {
    const { detached, openers: late } = await detachWithoutLink(context, attachment, { copy, changed }, ignore)
    return detached ? { detached, changed, bytes: saved.facts.bytes } : { detached, openers: late, saved }
  }
  await moveStraySidecarsAside(context)

  const inode = copy === undefined ? 'none' : inodeOf(await lstat(copy, { bigint: true }))
  await recordInStore(places, { ...attachment, detaching: { inode, stamp: settledStampOf(live) } })
  // Who has opened it during the save waits for our lock. Should this process be killed after the swap, that one would
  // get the lock, and commit to a live that no path leads to any more.
  const meanwhile = await openersAfterAMoment(context, live, { ignore })
  if (meanwhile.length > 0) {
    await recordInStore(places, attachment)
    return { detached: false, openers: meanwhile, saved }
  }
  await reach(context, 'detach:recorded')
  if (!isLinkedTo(places.origin, attachment)) return { detached: false, openers: [], saved }
  if (copy === undefined) await unlink(places.origin)
  else await rename(copy, places.origin)
  await syncDirectory(dirname(places.origin))
  await reach(context, 'detach:swapped')

  const gone = await renameLiveFolderAway(liveFolderOf(attachment))
  await reach(context, 'detach:gone')
  const late = await openersAfterAMoment(context, join(gone, basename(live)), { ignore })
  if (late.length > 0) {
    if (await goBack(context, attachment, gone)) return { detached: false, openers: late, saved }
    await untilClosed(context, join(gone, basename(live)))
  }
  held.dispose()
  await forgetLastSave(places)
  await forgetInStore(places)
  await removeGoneFolder(gone)
  return { detached: true, changed, bytes: saved.facts.bytes }
}

/** The copy to put in place: the original file itself wherever live still holds its content. */
async function originalIfUnchanged({ engine, places }: Context, { copy }: SaveOutcome): Promise<string | undefined> {
  if (copy === undefined || copy === places.attachSnapshot) return copy
  if (lookAt(places.attachSnapshot) === undefined) return copy
  return (await engine.haveSameContent(copy, places.attachSnapshot)) ? places.attachSnapshot : copy
}
