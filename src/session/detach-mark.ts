import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCodeOf } from '../errors.ts'
import { writeFileForNow } from '../fs/replace.ts'
import type { Places } from './places.ts'

/**
 * `devshm detach` ends the work of every holder for good. A holder that finds its database out of RAM must be able to
 * tell that from a user who replaced the file, because the new file it would attach. So each detach leaves another mark.
 */
export function markDetached(places: Places): void {
  writeFileForNow(
    join(places.store, 'detached'),
    `${process.pid} ${process.hrtime.bigint()}`,
    join(places.unfinished, 'mark'),
  )
}

/**
 * Whether `devshm detach` has ended what began when `markThen` was read. A mark that is missing says nothing: the whole
 * folder may have been removed.
 */
export function wasDetachedSince(places: Places, markThen: string): boolean {
  const mark = readDetachMark(places)
  return mark !== '' && mark !== markThen
}

/** The mark of the last `devshm detach`, or `''`. */
export function readDetachMark(places: Places): string {
  try {
    return readFileSync(join(places.store, 'detached'), 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return ''
    throw error
  }
}
