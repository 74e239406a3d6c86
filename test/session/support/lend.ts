import { createHash } from 'node:crypto'
import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attachment } from '../../../src/session/attachment.ts'
import type { Context } from '../../../src/session/context.ts'
import { withPathLeadingTo } from '../../../src/session/lend-path.ts'
import { locked } from '../../../src/session/locked.ts'
import { recover } from '../../../src/session/recover.ts'
import { createBuildFolder } from '../../../src/volume/build-folder.ts'
import type { Playground } from '../../support/playground.ts'

/** A private database that is not there yet, in a build folder of this process. */
export async function targetIn({ volume }: Pick<Playground, 'volume'>): Promise<string> {
  return join(await createBuildFolder({ path: volume }), 'db.sqlite3')
}

/** Lend the path while `action` runs, as a build does. */
export async function lendIn<T>(
  context: Context,
  target: string,
  action: (attachment: Attachment | undefined) => Promise<T> | T,
): Promise<T> {
  return await locked(context, async () => {
    const attachment = await recover(context)
    return await withPathLeadingTo(context, attachment, target, async () => await action(attachment))
  })
}

/** What must not change about a file: which one it is, when it was written last, and every byte. */
export function fingerprintOf(path: string): Record<string, unknown> {
  const { ino, mtimeNs, size, mode, nlink } = lstatSync(path, { bigint: true })
  return { ino, mtimeNs, size, mode, nlink, hash: createHash('sha256').update(readFileSync(path)).digest('hex') }
}
