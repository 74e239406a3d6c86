import { DevshmError, reasonOf } from '../errors.ts'
import type { Inode } from '../fs/look.ts'
import type { Opener } from '../process/open-files.ts'
import { looksLikeBuild } from '../volume/build-folder.ts'
import type { Attachment } from './attachment.ts'
import { reach, type Context } from './context.ts'
import { folderOf } from './fill-live.ts'
import { lend } from './lend.ts'
import type { Was } from './lending.ts'
import { listOpeners } from './list-openers.ts'
import { putPathBack } from './put-path-back.ts'
import { ensureStore } from './store.ts'
import { moveStraySidecarsAside } from './stray-sidecars.ts'
import { takeResult } from './take-result.ts'

/**
 * Let the origin's path lead to `target`, a private database in a build folder that need not be there yet, while `action`
 * runs, and put back what was there, whatever happens: the original file (same inode, same content, same times), the
 * link to live, or nothing. Neither the original nor live is written to. What the action has put at the path instead
 * becomes `target`; what it has removed is removed there. Under the database's lock, after `recover`.
 *
 * @throws {DevshmError} `IN_USE`: a process has the database open (nothing was touched), or has the private one open
 *   after the action (everything is put back); `DATABASE_UNUSABLE`; and what `action` throws
 */
export async function withPathLeadingTo<T>(
  context: Context,
  attachment: Attachment | undefined,
  target: string,
  action: () => Promise<T>,
): Promise<T> {
  if (!looksLikeBuild(target)) throw new Error(`${target} is not in a build folder`)
  const { folder } = folderOf(context.places.origin)
  const was = await lend(context, attachment, target)
  let result: T
  try {
    result = await action()
    await reach(context, 'lent:done')
  } catch (error) {
    await takeBackAfterFailure(context, was, target, folder)
    throw error
  }
  const openers = await takeBack(context, was, target, folder)
  if (openers.length > 0) throw leftOpen(context, openers)
  return result
}

async function takeBack(
  context: Context,
  was: Was,
  target: string,
  folder: Inode | undefined,
): Promise<readonly Opener[]> {
  const { origin } = context.places
  // Another project may be at that path by now.
  if (folderOf(origin).folder !== folder) throw folderIsGone(origin)
  // `.devshm/` may have been removed meanwhile.
  await ensureStore(context.places)
  try {
    return await takeResult(context, target)
  } finally {
    // Of what a step had at the path. The original was closed and complete by itself.
    await moveStraySidecarsAside(context)
    await putPathBack(context, was)
  }
}

/** Why the action failed is what the caller has to know; the rest is said beside it, and the next command mends it. */
async function takeBackAfterFailure(
  context: Context,
  was: Was,
  target: string,
  folder: Inode | undefined,
): Promise<void> {
  try {
    await takeBack(context, was, target, folder)
  } catch (error) {
    const { origin, original } = context.places
    const message = `what was at ${origin} before the build is not back yet: ${reasonOf(error)}`
    const kept = was.kind === 'file' ? original : was.kind === 'link' ? was.target : origin
    context.report({ type: 'failed', origin, message, hint: 'the next devshm command puts it back', kept })
  }
}

function leftOpen({ places }: Context, openers: readonly Opener[]): DevshmError {
  const message = `a set-up step ended, but the database that it made is still open in ${listOpeners(openers)}`
  return new DevshmError('IN_USE', message, {
    hint: `have the step end what it starts; ${places.origin} is what it was before`,
    details: { path: places.origin, openers },
  })
}

function folderIsGone(origin: string): DevshmError {
  return new DevshmError('IO', `the folder of ${origin} went away while a template was being built`, {
    hint: 'put it back, or run any devshm command that acts where it is now: that puts back what was at the path',
    details: { path: origin },
  })
}
