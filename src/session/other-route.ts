import { DevshmError } from '../errors.ts'
import { routeOf, type Attachment, type Route } from './attachment.ts'
import type { Context } from './context.ts'
import { readLeases } from './leases.ts'
import { listOpeners } from './list-openers.ts'
import { bringBack } from './release.ts'

/**
 * A session that wants one route finds the database attached by the other one. Left over from a crash, it is brought back
 * to disk, to be attached anew. While somebody needs it, it cannot be shared: a command that expects a link would work on
 * the file on disk, and one that must not see links would see one. Under the database's lock.
 *
 * @returns the attachment, if it has the wanted route
 * @throws {DevshmError} `IN_USE`
 */
export async function requireRoute(
  context: Context,
  attachment: Attachment | undefined,
  wanted: Route,
): Promise<Attachment | undefined> {
  if (attachment === undefined || routeOf(attachment) === wanted) return attachment
  const { alive } = await readLeases(attachment)
  if (alive.length === 0 && (await bringBack(context, attachment))) return undefined
  const { origin } = context.places
  const who = alive.length > 0 ? ` for ${listOpeners(alive)}` : ''
  const isWithoutLink = wanted === 'link'
  throw new DevshmError('IN_USE', `${origin} is in RAM ${isWithoutLink ? 'without' : 'by'} a link${who}`, {
    hint: isWithoutLink
      ? 'end that first, or share it with `devshm run --no-link`'
      : 'end that first (`devshm detach`), or share it without --no-link',
    details: { path: origin },
  })
}
