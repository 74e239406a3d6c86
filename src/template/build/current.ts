import { linkTarget } from '../../fs/look.ts'
import type { Context } from '../../session/context.ts'
import { looksLikeLive } from '../../volume/live-folder.ts'

/** Where a database is at this moment: live while it is attached, else the origin. Looks only. */
export function currentPathOf({ places }: Context): string {
  const target = linkTarget(places.origin)
  return target !== undefined && looksLikeLive(target) ? target : places.origin
}
