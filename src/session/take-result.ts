import { copyFile, stat } from 'node:fs/promises'
import { linkTarget, lookAt } from '../fs/look.ts'
import { removeFile } from '../fs/remove.ts'
import type { Opener } from '../process/open-files.ts'
import type { Context } from './context.ts'
import { openersAfterAMoment } from './late-openers.ts'
import { movePathAside } from './put-path-back.ts'

/** How long processes that are just ending may take to close the database: looks of 40 ms each. */
const LOOKS_BEFORE_GIVING_UP = 10

/**
 * Make `target` what the path led to when the action ended. Where the action replaced our link (`rm` and create, as
 * `db:drop` does, or a rename), the file there is its result; where it removed the link, it removed the database.
 *
 * @returns the processes that still have the result open; then it stays where it is
 */
export async function takeResult(context: Context, target: string): Promise<readonly Opener[]> {
  const { origin } = context.places
  const isOurs = linkTarget(origin) === target
  const stats = lookAt(origin)
  if (isOurs || stats?.isFile() === true) {
    const openers = await openersAfterAMoment(context, origin, { looks: LOOKS_BEFORE_GIVING_UP })
    if (openers.length === 0 && !isOurs) await moveTo(context, target)
    return openers
  }
  await removeDatabase(context, target)
  if (stats !== undefined) await movePathAside(context)
  return []
}

async function moveTo(context: Context, target: string): Promise<void> {
  const { engine, places } = context
  const { origin } = places
  await removeDatabase(context, target)
  // Of what is no database a plain copy will do: whoever looks at the target says what is wrong with it.
  if ((await engine.inspect(origin)).kind !== 'database') return await copyFile(origin, target)
  // The volume is another file system. What a step that crashed left in a journal is recovered first.
  using _lock = await engine.lockWriters(origin)
  using pinned = await engine.pin(origin)
  await pinned.copyTo(target, (await stat(origin)).mode & 0o7777)
}

async function removeDatabase({ engine }: Context, path: string): Promise<void> {
  for (const each of [path, ...engine.sidecarsOf(path)]) await removeFile(each)
}
