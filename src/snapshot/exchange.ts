import { linkSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { inodeOf, lookAt, type Inode } from '../fs/look.ts'
import { syncDirectory } from '../fs/sync.ts'
import { reach, type Context } from '../session/context.ts'
import { openersAfterAMoment, untilClosed } from '../session/late-openers.ts'
import { stampOf } from '../session/stamp.ts'
import { lockOrGiveUp, type Exchange } from './exchanging.ts'
import { putBack } from './put-back.ts'

/**
 * Put a file in the place of a database that nobody has open, by one rename. The old file has its second name before it
 * loses its first, and writers are kept out of it until certainly nobody has it open.
 *
 * @returns `left`: somebody has opened it, written to it or replaced it since it was looked at, or it cannot be exchanged;
 *   it is as before
 */
export async function exchange(context: Context, exchanged: Exchange): Promise<'swapped' | 'left'> {
  const { path, stamp, second, note } = exchanged
  using lock = await lockOrGiveUp(context, path)
  const inode = inodeAt(path)
  if (lock === undefined || stampOf(path) !== stamp) return 'left'
  // Who else has opened it since is found when it has lost its place: this is looked for just once more.
  await note()
  if (!(await swap(context, exchanged, inode))) {
    rmSync(second, { force: true })
    return 'left'
  }
  await syncDirectory(dirname(path))
  await reach(context, 'overwrite:swapped')
  if ((await openersAfterAMoment(context, second)).length === 0) return 'swapped'
  if (await putBack(context, exchanged)) return 'left'
  // Both are in use: going back would lose what is written to the new one. Nothing can be written to the old one.
  await untilClosed(context, second)
  return 'swapped'
}

/**
 * What has the path is looked at again right before it is replaced: somebody may have put another file there.
 *
 * @returns false for that, and where the old file cannot be replaced; it can still be overwritten where it is
 */
async function swap(context: Context, { path, fresh, second }: Exchange, inode: Inode | undefined): Promise<boolean> {
  try {
    rmSync(second, { force: true })
    linkSync(path, second)
    await syncDirectory(dirname(second))
    await reach(context, 'overwrite:linked')
    if (inodeAt(path) !== inode || inodeAt(second) !== inode) return false
    renameSync(fresh, path)
    return true
  } catch (error) {
    // A file system without links, a file that is mounted by itself.
    if (systemCodeOf(error) === undefined) throw error
    return false
  }
}

function inodeAt(path: string): Inode | undefined {
  const stats = lookAt(path)
  return stats && inodeOf(stats)
}
