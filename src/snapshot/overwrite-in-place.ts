import { rm } from 'node:fs/promises'
import type { PinnedDatabase } from '../engine/engine.ts'
import { DevshmError } from '../errors.ts'
import { liveFolderOf } from '../session/attachment.ts'
import { reach } from '../session/context.ts'
import { stateOf, writeHistory, type History } from './history.ts'
import { findSame, keepStage } from './keep.ts'
import { nextAutomaticName, snapshotPath } from './names.ts'
import type { Replaced, Replacing } from './replacing.ts'
import { settleAfterFailure, takeBack, takeBackAfterFailure } from './settle-history.ts'
import { stage } from './staging.ts'

/**
 * Give a database other content in one transaction, under apps that have it open: {@link replaceContent}. It stays the
 * same file.
 */
export async function overwriteInPlace(replacing: Replacing): Promise<Replaced> {
  const { context, attachment, path, from, bytes, by, at, base, history, options } = replacing
  const { places, engine } = context
  /** The snapshot that this command itself has taken, of a state that may turn out not to be the last. */
  let own: string | undefined
  let pending: History['pending']
  let hasBegun = false
  const before = async (old: PinnedDatabase): Promise<'go on' | 'leave it'> => {
    hasBegun = false
    const state = stateOf(path, old)
    const staged = await stage(context, attachment, old, undefined)
    const outdated = own
    try {
      if (staged.isInRam) old[Symbol.dispose]()
      if (await engine.haveSameContent(staged.path, from, { ignoreJournalMode: true })) return 'leave it'
      let kept = await findSame(context, staged)
      if (kept === undefined && old.pageCount > 0) {
        own = kept = nextAutomaticName(places, by)
        await keepStage(context, staged, old, kept)
      }
      const isOwn = kept !== undefined && kept === own
      const overwritten = kept === undefined ? {} : { overwritten: { snapshot: kept, by, at } }
      const next = { base, isOwn, state, ...overwritten }
      await writeHistory(places, { ...history, pending: next })
      pending = next
      if (outdated !== undefined && outdated !== kept) await rm(snapshotPath(places, outdated), { force: true })
    } finally {
      await rm(staged.path, { force: true })
    }
    await reach(context, 'overwrite:kept')
    hasBegun = true
    return 'go on'
  }
  const stageIn = attachment === undefined ? places.unfinished : liveFolderOf(attachment)
  try {
    const outcome = await engine.overwrite(path, from, { ...options, before, stageIn })
    if (outcome === 'left') {
      await takeBack(context, { ...history, base }, pending)
      return { changed: false, kept: undefined, bytes }
    }
    await reach(context, 'overwrite:done')
  } catch (error) {
    if (hasBegun && !isAsBefore(error)) await settleAfterFailure(context, attachment)
    else await takeBackAfterFailure(context, history, pending, own)
    throw error
  }
  const overwritten = pending?.overwritten
  await writeHistory(places, { base, ...(overwritten !== undefined && { overwritten }) })
  return { changed: true, kept: overwritten?.snapshot, bytes }
}

/** Of these the engine says that the content is as before; of any other failure that has to be found out. */
function isAsBefore(error: unknown): boolean {
  return error instanceof DevshmError && (error.code === 'BUSY' || error.code === 'NO_SPACE')
}
