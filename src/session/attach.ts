import { DevshmError } from '../errors.ts'
import type { WriteLock } from '../engine/engine.ts'
import { attachWithoutLink } from './attach-without-link.ts'
import { recordInStore, recordInVolume, type Attachment, type Route } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { fence, findLateOpeners, type Fence } from './late-openers.ts'
import { listOpeners } from './list-openers.ts'
import { fillLive } from './fill-live.ts'
import { findRoom } from './find-room.ts'
import { noteAttachAsSave } from './last-save.ts'
import { examineOrigin, requireClosed, type Origin } from './origin.ts'
import { retreat } from './retreat.ts'
import { ensureStore, writeReadme } from './store.ts'
import { removeEmptySidecars, swapIn } from './swap.ts'

/** For small databases, whose journals and logs may be larger than they are, in bytes. */
const MARGIN_BYTES = 4_000_000

/** Bytes of RAM that an origin needs: itself, and as much again for a journal of all of it. */
export function roomFor(origin: Origin): number {
  if (origin.kind === 'absent') return MARGIN_BYTES
  return 2 * (Number(origin.stats.size) + (origin.pendingBytes ?? 0)) + MARGIN_BYTES
}

export interface Attached {
  readonly attachment: Attachment
  readonly bytes: number
  /** Set when somebody still has the old file open: its writers are kept out for as long as they have it. */
  readonly fence: Fence | undefined
}

/**
 * Put the origin's content into a volume and a link in the origin's place, by one rename and under SQLite's write lock
 * on the old file, which is kept as the snapshot `@attach`. By the route `hook` the file stays where it is instead. Called
 * under the database's lock, when it is not attached.
 *
 * @throws {DevshmError} and then the origin is what it was, and nothing is in RAM
 */
export async function attach(
  context: Context,
  options: { journal: 'keep' | 'wal'; route?: Route | undefined },
): Promise<Attached> {
  const { places, engine } = context
  const origin = await examineOrigin(context)
  const bytes = origin.kind === 'file' ? Number(origin.stats.size) : 0
  await requireClosed(context)
  const volume = await findRoom(context, roomFor(origin))
  await ensureStore(places)

  using held = new DisposableStack()
  if (origin.kind === 'file') held.use(await lockOrigin(context, origin))
  await reach(context, 'attach:locked')
  if (options.route === 'hook') {
    return { attachment: await attachWithoutLink(context, volume, origin, options.journal), bytes, fence: undefined }
  }
  const attachment = await fillLive(context, volume, origin, options.journal)
  const watch = held.use(engine.watchCommits(attachment.live))
  try {
    await reach(context, 'attach:copied')
    await recordInVolume(attachment)
    await recordInStore(places, attachment)
    await writeReadme(places)
    noteAttachAsSave(places, attachment, bytes)
    await reach(context, 'attach:recorded')
    await swapIn(context, attachment)
    await reach(context, 'attach:swapped')
    const late = await findLateOpeners(context, attachment)
    if (late.length === 0) {
      await removeEmptySidecars(context)
      return { attachment, bytes, fence: undefined }
    }
    if (await retreat(context, attachment, watch)) throw openedMeanwhile(context, listOpeners(late))
    // Live is in use as well: going back would lose what is written there. The old file stays locked instead.
    watch[Symbol.dispose]()
    return { attachment, bytes, fence: fence(context, late, held.move()) }
  } catch (error) {
    await retreat(context, attachment, watch)
    throw error
  }
}

export async function lockOrigin({ engine, places }: Context, origin: Origin): Promise<WriteLock> {
  const isWal = origin.kind === 'file' && origin.facts.kind === 'database' && origin.facts.journalMode === 'wal'
  if (isWal && !(await engine.canHaveExclusively(places.origin))) {
    throw new DevshmError('IN_USE', `${places.origin} is in use by a process that this user cannot see`, {
      hint: 'stop the app that uses it: it runs as another user or in a container',
      details: { path: places.origin },
    })
  }
  return await engine.lockWriters(places.origin)
}

function openedMeanwhile({ places }: Context, openers: string): DevshmError {
  return new DevshmError('IN_USE', `${places.origin} was opened by ${openers} while it was being attached`, {
    hint: 'stop that and try again; the database is on disk as before',
    details: { path: places.origin },
  })
}
