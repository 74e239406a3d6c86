import { chmod, rm, utimes } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { WaitOptions } from '../engine/engine.ts'
import { identityOf, lookAt } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import type { Places } from '../session/places.ts'
import { dateAfterOthers } from './date.ts'
import { readHistory, stateOf, writeHistory, type History } from './history.ts'
import { isAutomatic, snapshotPath } from './names.ts'
import { stage } from './staging.ts'

/**
 * After a command was killed while it overwrote a database: note what it overwrote, or, if the database still is what it
 * was, that nothing happened. Under the database's lock, after `recover`.
 */
export async function settleHistory(
  context: Context,
  attachment: Attachment | undefined,
  wait?: WaitOptions,
): Promise<void> {
  const { places } = context
  const history = readHistory(places)
  const { pending } = history
  if (pending === undefined) return
  const found = await whatCameToPass(context, attachment, pending, wait)
  if (found === 'overwritten') {
    const { base, overwritten, swapped, isOwn } = pending
    const kept = overwritten && snapshotPath(places, overwritten.snapshot)
    if (swapped !== undefined && isOwn && kept !== undefined && lookAt(kept) !== undefined)
      await makeSnapshotOf(places, kept)
    await writeHistory(places, { base, ...(overwritten !== undefined && { overwritten }) })
    return
  }
  // What was kept is nowhere else once somebody has written to the database.
  await takeBack(context, history, found === 'nothing' ? pending : undefined)
}

/** Owner-only, and as old as any other: not as its last write. Nobody has it open. */
export async function makeSnapshotOf(places: Places, path: string): Promise<void> {
  await chmod(path, 0o600)
  await utimes(path, new Date(), new Date())
  await dateAfterOthers(places, path)
  await syncDirectory(dirname(path))
}

/** The same right after a failure that says nothing about what was written before it. */
export async function settleAfterFailure(context: Context, attachment: Attachment | undefined): Promise<void> {
  await unlessThatFailsToo(() => settleHistory(context, attachment, { timeoutMs: 100 }))
}

/**
 * After a failure that certainly came before anything was overwritten.
 *
 * @param own the snapshot that was taken for it last, noted or not
 */
export async function takeBackAfterFailure(
  context: Context,
  history: History,
  pending: History['pending'],
  own: string | undefined,
): Promise<void> {
  await unlessThatFailsToo(async () => {
    if (pending !== undefined || readHistory(context.places).pending !== undefined) {
      await takeBack(context, history, pending)
    }
    if (own !== undefined) await rm(snapshotPath(context.places, own), { force: true })
  })
}

/** The first failure is what the user must hear of; what stays is settled by the next command. */
async function unlessThatFailsToo(action: () => Promise<void>): Promise<void> {
  try {
    await action()
  } catch {
    // The history still says what was about to happen.
  }
}

/** Forget an overwriting that did not come to pass, with the snapshot that was taken for it. */
export async function takeBack(
  { places }: Context,
  { base, overwritten }: History,
  pending: History['pending'],
): Promise<void> {
  await writeHistory(places, { ...(base !== undefined && { base }), ...(overwritten !== undefined && { overwritten }) })
  if (pending?.isOwn !== true || pending.overwritten === undefined) return
  // Whatever the file says, a snapshot that has a name of the user's own was not taken for this.
  if (!isAutomatic(pending.overwritten.snapshot)) return
  await rm(snapshotPath(places, pending.overwritten.snapshot), { force: true })
}

async function whatCameToPass(
  context: Context,
  attachment: Attachment | undefined,
  { swapped, overwritten, state }: NonNullable<History['pending']>,
  wait: WaitOptions | undefined,
): Promise<'overwritten' | 'nothing' | 'nothing, but somebody wrote to it'> {
  const { places, engine } = context
  const path = attachment?.live ?? places.origin
  const stats = lookAt(path)
  if (stats === undefined || identityOf(stats) === swapped) return 'overwritten'
  const snapshot = overwritten?.snapshot
  // It would have got its snapshot before it lost its place.
  if (swapped !== undefined && (snapshot === undefined || lookAt(snapshotPath(places, snapshot)) === undefined)) {
    return 'nothing'
  }
  using pinned = await engine.pin(path, wait)
  if (snapshot === undefined) return pinned.pageCount === 0 ? 'nothing' : 'overwritten'
  const isInSameState = stateOf(path, pinned) === state
  const kept = snapshotPath(places, snapshot)
  if (lookAt(kept) !== undefined) {
    const staged = await stage(context, attachment, pinned, undefined)
    try {
      pinned[Symbol.dispose]()
      if (await engine.haveSameContent(staged.path, kept, { ignoreJournalMode: true })) return 'nothing'
    } finally {
      await rm(staged.path, { force: true })
    }
  }
  return isInSameState ? 'nothing, but somebody wrote to it' : 'overwritten'
}
