import { constants, copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lookAt } from '../fs/look.ts'
import { requireSpace } from '../fs/space.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import { explainingFailures } from '../session/explain-failure.ts'
import { requireFaithful } from '../session/require-faithful.ts'
import type { Base } from './history.ts'
import type { Reference } from './reference.ts'
import { replaceContent } from './replace-content.ts'
import type { Replaced, ReplaceOptions } from './replacing.ts'

/**
 * Make a database what a snapshot or a file holds. A file is read through the engine, because others may have it open.
 * Under the database's lock, after `recover`.
 */
export async function restore(
  context: Context,
  attachment: Attachment | undefined,
  reference: Reference,
  at: string,
  options: ReplaceOptions,
): Promise<Replaced> {
  const { places } = context
  const { kind, path, label } = reference
  const base: Base = kind === 'snapshot' ? { kind, name: label } : { kind, path }
  const replace = async (from: string): Promise<Replaced> =>
    await replaceContent(context, attachment, { from, base, by: 'restore', at }, options)
  if (kind === 'snapshot' && path !== places.attachSnapshot && !hasSidecars(context, path)) return await replace(path)
  const copy = join(places.unfinished, 'restore.sqlite3')
  try {
    await rm(copy, { force: true })
    if (path === places.attachSnapshot) {
      // Complete by itself and closed, or kept from writing by whoever attached it; it must get no log of ours.
      await requireSpace(places.unfinished, Number(lookAt(path)?.size ?? 0n), `copying ${path}`)
      await copyFile(path, copy, constants.COPYFILE_FICLONE)
    } else {
      await explainingFailures({ ...places, origin: path }, () => copyPinned(context, path, copy, options))
    }
    return await replace(copy)
  } finally {
    await rm(copy, { force: true })
  }
}

async function copyPinned(context: Context, path: string, to: string, { timeoutMs }: ReplaceOptions): Promise<void> {
  const { engine, places } = context
  using pinned = await engine.pin(path, { timeoutMs })
  await requireSpace(places.unfinished, pinned.bytes, `copying ${path}`)
  await pinned.copyTo(to, 0o600)
  if (pinned.pageCount > 0) await requireFaithful(context, to, pinned)
}

/** Somebody has opened it and left a log or a journal, which is a part of it then. */
function hasSidecars({ engine }: Context, path: string): boolean {
  return engine.sidecarsOf(path).some((each) => lookAt(each) !== undefined)
}
