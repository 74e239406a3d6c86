import { stat } from 'node:fs/promises'
import { lookAt } from '../fs/look.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import { createOrigin } from './create-origin.ts'
import { readHistory, writeHistory, type Base, type Overwriting } from './history.ts'
import { overwriteInPlace } from './overwrite-in-place.ts'
import type { Replaced, ReplaceOptions, Replacing } from './replacing.ts'
import { settleHistory } from './settle-history.ts'
import { swapClosed } from './swap-closed.ts'
import { requireDatabase } from './take.ts'

export interface Replacement {
  /** A private, closed file. */
  readonly from: string
  readonly base: Base
  readonly by: Overwriting
  /** One moment for all databases of a command (ISO 8601, UTC); now by default. */
  readonly at?: string
}

/**
 * Make a database equal to a file: in RAM or on disk, in one transaction, under apps that have it open; or, if it is
 * large and certainly nobody has, by one rename. What it held is kept as a snapshot first, unless one has that content
 * already. It is neither attached nor detached. Under the database's lock, after `recover`.
 *
 * @throws {DevshmError} `BUSY`, naming who has it open; `NO_SPACE`; `DATABASE_UNUSABLE`. Its content is then as before
 */
export async function replaceContent(
  context: Context,
  attachment: Attachment | undefined,
  replacement: Replacement,
  options: ReplaceOptions,
): Promise<Replaced> {
  const { places } = context
  const { from, by } = replacement
  const at = replacement.at ?? new Date().toISOString()
  const base = { ...replacement.base, at }
  const bytes = (await stat(from)).size
  const path = attachment?.live ?? places.origin
  await settleHistory(context, attachment)
  const history = readHistory(places)
  if (lookAt(path) === undefined) {
    await createOrigin(context, from)
    await writeHistory(places, { ...history, base })
    return { changed: true, kept: undefined, bytes }
  }
  if (attachment === undefined) await requireDatabase(context)
  const replacing: Replacing = { context, attachment, path, from, bytes, by, at, base, history, options }
  return (await swapClosed(replacing)) ?? (await overwriteInPlace(replacing))
}
