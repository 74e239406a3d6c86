import { linkSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncDirectory } from '../fs/sync.ts'
import type { Context } from '../session/context.ts'
import { openersAfterAMoment, untilClosed } from '../session/late-openers.ts'
import { lockOrGiveUp, type Exchange } from './exchanging.ts'

/**
 * Give the old file its place back, to which nobody can write meanwhile. The new one is locked first, so that a commit
 * to it comes before that and is seen, or fails.
 *
 * @returns false: somebody uses the new file; it keeps the place then
 */
export async function putBack(context: Context, { path, fresh, from, second }: Exchange): Promise<boolean> {
  const { engine } = context
  using watch = engine.watchCommits(path)
  // What was committed before the watch began shows in the content. Nothing of ours holds a lock on it yet.
  if (!(await engine.haveSameContent(path, from, { ignoreJournalMode: true }))) return false
  using lock = await lockOrGiveUp(context, path)
  if (lock === undefined || watch.sawCommit() || (await engine.findOpeners(path)).length > 0) return false
  const back = `${fresh}.back`
  for (const each of [fresh, back]) rmSync(each, { force: true })
  linkSync(path, fresh)
  linkSync(second, back)
  renameSync(back, path)
  await syncDirectory(dirname(path))
  rmSync(second, { force: true })
  // Whoever opened the new one since the last look must not write to it: its name is gone.
  if ((await openersAfterAMoment(context, fresh)).length > 0) await untilClosed(context, fresh)
  return true
}
