import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A path with the links of its folder resolved, but not itself: it may be devshm's link. */
export function withRealFolder(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    return path
  }
}
