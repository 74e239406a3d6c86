import { rm, stat } from 'node:fs/promises'
import type { OnProgress, PinnedDatabase } from '../engine/engine.ts'
import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { liveFolderOf, type Attachment } from '../session/attachment.ts'
import { reach, type Context } from '../session/context.ts'
import { createOrigin } from './create-origin.ts'
import { readHistory, writeHistory, type Base, type History, type Overwriting } from './history.ts'
import { findSame, keepStage } from './keep.ts'
import { nextAutomaticName, snapshotPath } from './names.ts'
import { settleAfterFailure, settleHistory, takeBack, takeBackAfterFailure } from './settle-history.ts'
import { stage } from './staging.ts'
import { requireDatabase } from './take.ts'

export interface Replacement {
  /** A private, closed file. */
  readonly from: string
  readonly base: Base
  readonly by: Overwriting
  /** One moment for all databases of a command (ISO 8601, UTC); now by default. */
  readonly at?: string
}

export interface ReplaceOptions {
  /** How long to wait for apps that are busy with the database, in milliseconds. */
  readonly timeoutMs: number
  readonly onProgress?: OnProgress | undefined
}

export interface Replaced {
  /** False: it held that very content already; nothing was written. */
  readonly changed: boolean
  /** The snapshot with what it held before. */
  readonly kept: string | undefined
  /** Of the new content. */
  readonly bytes: number
}

/**
 * Make a database equal to a file: in RAM or on disk, in one transaction, under apps that have it open. What it held is
 * kept as a snapshot first, unless one has that content already. It is neither attached nor detached. Under the
 * database's lock, after `recover`.
 *
 * @throws {DevshmError} `BUSY`, naming who has it open; `NO_SPACE`; `DATABASE_UNUSABLE`. Its content is then as before
 */
export async function replaceContent(
  context: Context,
  attachment: Attachment | undefined,
  replacement: Replacement,
  { timeoutMs, onProgress }: ReplaceOptions,
): Promise<Replaced> {
  const { places, engine } = context
  const { from, by, base } = replacement
  const at = replacement.at ?? new Date().toISOString()
  const bytes = (await stat(from)).size
  const path = attachment?.live ?? places.origin
  await settleHistory(context, attachment)
  const history = readHistory(places)
  const newBase = { ...base, at }
  if (lookAt(path) === undefined) {
    await createOrigin(context, from)
    await writeHistory(places, { ...history, base: newBase })
    return { changed: true, kept: undefined, bytes }
  }
  if (attachment === undefined) await requireDatabase(context)
  /** The snapshot that this command itself has taken, of a state that may turn out not to be the last. */
  let own: string | undefined
  let pending: History['pending']
  let hasBegun = false
  const before = async (old: PinnedDatabase): Promise<'go on' | 'leave it'> => {
    hasBegun = false
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
      const next = { base: newBase, isOwn, ...overwritten }
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
    const outcome = await engine.overwrite(path, from, { before, timeoutMs, stageIn, onProgress })
    if (outcome === 'left') {
      await takeBack(context, { ...history, base: newBase }, pending)
      return { changed: false, kept: undefined, bytes }
    }
    await reach(context, 'overwrite:done')
  } catch (error) {
    if (hasBegun && !isAsBefore(error)) await settleAfterFailure(context, attachment)
    else await takeBackAfterFailure(context, history, pending, own)
    throw error
  }
  const overwritten = pending?.overwritten
  await writeHistory(places, { base: newBase, ...(overwritten !== undefined && { overwritten }) })
  return { changed: true, kept: overwritten?.snapshot, bytes }
}

/** Of these the engine says that the content is as before; of any other failure that has to be found out. */
function isAsBefore(error: unknown): boolean {
  return error instanceof DevshmError && (error.code === 'BUSY' || error.code === 'NO_SPACE')
}
