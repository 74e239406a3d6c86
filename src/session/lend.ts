import { linkSync, lstatSync, rmSync, symlinkSync, type BigIntStats } from 'node:fs'
import { dirname } from 'node:path'
import { DevshmError, systemCodeOf } from '../errors.ts'
import { inodeOf, linkTarget, lookAt } from '../fs/look.ts'
import { renameDurably } from '../fs/replace.ts'
import { syncDirectory } from '../fs/sync.ts'
import type { Opener } from '../process/open-files.ts'
import { lockOrigin } from './attach.ts'
import { routeOf, type Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { openersAfterAMoment } from './late-openers.ts'
import { readLeases, visiblePids } from './leases.ts'
import { recordLending, type Was } from './lending.ts'
import { listOpeners } from './list-openers.ts'
import { requireDatabase, requireWritableFolder } from './origin.ts'
import { putPathBack, tidyLending } from './put-path-back.ts'
import { writeReadme } from './store.ts'
import { cannotLink, isLinkedTo, prepareLink, removeEmptySidecars } from './swap.ts'

/**
 * Let the path lead to `target`, if nobody has the database open.
 *
 * @returns what was there
 * @throws {DevshmError} and then it is there still
 */
export async function lend(context: Context, attachment: Attachment | undefined, target: string): Promise<Was> {
  const { places } = context
  await requireWritableFolder(places.origin)
  if (lookAt(places.original) !== undefined) throw originalIsLeft(places.original)
  // Without a link it is the file that is lent.
  if (attachment !== undefined && routeOf(attachment) === 'link') return await lendLink(context, attachment, target)
  const stats = lookAt(places.origin)
  return stats === undefined ? await lendNothing(context, target) : await lendFile(context, target, stats)
}

async function lendNothing(context: Context, target: string): Promise<Was> {
  const { places } = context
  const was: Was = { kind: 'absent' }
  return await swapping(context, was, target, async () => {
    try {
      symlinkSync(target, places.origin)
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') throw changedMeanwhile(places.origin, error)
      throw cannotLink(places.origin, 'symbolic links', error)
    }
    await syncDirectory(dirname(places.origin))
    await reach(context, 'lent:swapped')
  })
}

async function lendLink(context: Context, attachment: Attachment, target: string): Promise<Was> {
  const { places } = context
  const was: Was = { kind: 'link', target: attachment.live }
  // A holder keeps a connection of its own.
  const sessions = new Set(visiblePids((await readLeases(attachment)).alive))
  const options = { ignore: sessions, includeSelf: true }
  requireNone(context, await openersAfterAMoment(context, attachment.live, { ...options, looks: 0 }))
  return await swapping(context, was, target, async () => {
    const prepared = prepareLink(places, target)
    if (!isLinkedTo(places.origin, attachment)) throw changedMeanwhile(places.origin)
    await renameDurably(prepared, places.origin)
    await reach(context, 'lent:swapped')
    requireNone(context, await openersAfterAMoment(context, attachment.live, options))
  })
}

async function lendFile(context: Context, target: string, stats: BigIntStats): Promise<Was> {
  const { engine, places } = context
  const { origin, original } = places
  const facts = await requireDatabase(context, stats)
  requireNone(context, await engine.findOpeners(origin, { includeSelf: true }))
  const was: Was = { kind: 'file', inode: inodeOf(stats) }
  // What a crashed program left beside it is brought into it, so that it is complete by itself.
  using lock = await lockOrigin(context, { kind: 'file', stats, facts })
  return await swapping(context, was, target, async () => {
    giveSecondName(origin, original)
    await syncDirectory(dirname(origin))
    await writeReadme(places)
    await reach(context, 'lent:kept')
    const prepared = prepareLink(places, target)
    if (inodeOf(lstatSync(origin, { bigint: true })) !== was.inode) throw changedMeanwhile(origin)
    await renameDurably(prepared, origin)
    await reach(context, 'lent:swapped')
    requireNone(context, await openersAfterAMoment(context, original))
    lock[Symbol.dispose]()
    await removeEmptySidecars(context)
    // A journal that outlives its transactions (`journal_mode = persist`) has nothing to say once the lock was given.
    rmSync(`${origin}-journal`, { force: true })
  })
}

/** Record, swap, record that it is done; on any failure everything is as before. */
async function swapping(context: Context, was: Was, target: string, swap: () => Promise<void>): Promise<Was> {
  const { places } = context
  await recordLending(places, was, target, false)
  try {
    await reach(context, 'lent:recorded')
    await swap()
    await recordLending(places, was, target, true)
    return was
  } catch (error) {
    // The sidecars stay: whoever came in between works with them.
    if (linkTarget(places.origin) === target) await putPathBack(context, was)
    await tidyLending(context)
    throw error
  }
}

function giveSecondName(origin: string, original: string): void {
  try {
    linkSync(origin, original)
  } catch (error) {
    throw cannotLink(origin, 'hard links', error)
  }
}

function requireNone({ places }: Context, openers: readonly Opener[]): void {
  if (openers.length === 0) return
  throw new DevshmError('IN_USE', `${places.origin} is open in ${listOpeners(openers)}`, {
    hint: 'stop that first: nothing may use the database while a set-up step has its path',
    details: { path: places.origin, openers },
  })
}

function changedMeanwhile(origin: string, cause?: unknown): DevshmError {
  return new DevshmError('IN_USE', `${origin} was replaced at this very moment`, {
    hint: 'wait for the program that replaced it, and try again',
    cause,
    details: { path: origin },
  })
}

function originalIsLeft(original: string): DevshmError {
  return new DevshmError('DATABASE_UNUSABLE', `${original} is left from a build that was interrupted elsewhere`, {
    hint: 'it is a database as it was before that build: move it to where you want it, or remove it',
    details: { path: original },
  })
}
