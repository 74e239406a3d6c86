import { linkSync, renameSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { removeFile } from '../fs/remove.ts'
import { syncDirectory } from '../fs/sync.ts'
import { isUnchanged } from './as-attached.ts'
import { lockOrigin } from './attach.ts'
import type { Attachment } from './attachment.ts'
import type { Context } from './context.ts'
import { untilClosed } from './late-openers.ts'
import { requireClosed, requireDatabase } from './origin.ts'
import { removeEmptySidecars } from './swap.ts'

/**
 * Put a complete, synced copy in the place of the file of a database that was attached without a link, by one rename,
 * while nobody has that file open and SQLite's write lock keeps everybody from writing to it. The file becomes the
 * snapshot `@attach`, where the file system has hard links; elsewhere a copy of it is that already.
 *
 * @returns false if the file is not what it was when it was attached: then it is left alone
 * @throws {DevshmError} `IN_USE`, `BUSY`; the file is as before
 */
export async function putInFilesPlace(context: Context, attachment: Attachment, copy: string): Promise<boolean> {
  const { places } = context
  const { origin } = places
  const stats = lookAt(origin)
  if (stats === undefined) {
    if (!(await isUnchanged(context, attachment))) return false
    await rename(copy, origin)
    await syncDirectory(dirname(origin))
    return true
  }
  if (!stats.isFile()) return false
  await requireClosed(context)
  if ((await context.engine.inspect(origin)).kind === 'other') return false
  const facts = await requireDatabase(context, stats)
  using _lock = await lockOrigin(context, { kind: 'file', stats, facts })
  if (!(await isUnchanged(context, attachment))) return false
  const second = attachment.before.kind === 'file' ? await giveSecondName(context) : undefined
  await rename(copy, origin)
  await syncDirectory(dirname(origin))
  if (second !== undefined) {
    renameSync(second, places.attachSnapshot)
    // Whoever opened the file since the last look must not write to it: its name is gone.
    await untilClosed(context, places.attachSnapshot)
  }
  await removeEmptySidecars(context)
  return true
}

/** Among what is unfinished: after a crash before the rename it must not be taken for a copy that nobody writes to. */
async function giveSecondName({ places }: Context): Promise<string | undefined> {
  const second = join(places.unfinished, 'original.sqlite3')
  await removeFile(second)
  try {
    linkSync(places.origin, second)
    return second
  } catch (error) {
    const code = systemCodeOf(error)
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') return undefined
    throw error
  }
}
