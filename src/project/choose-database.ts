import { basename, relative } from 'node:path'
import { DevshmError } from '../errors.ts'
import { isInRam } from './sqlite-file.ts'

const HOW_TO_CHOOSE =
  'choose with --db PATH (as often as you like), or name them in devshm.config.json under "databases"'
const MOST_LISTED = 10

/**
 * The one database of those found in a project. Of several, the one that is in RAM already is meant; else the one for
 * development, if all others are, by their names, for tests or production (as in a Rails project).
 *
 * @throws {DevshmError} `DATABASE_NOT_FOUND` or `DATABASE_AMBIGUOUS`
 */
export function chooseDatabase(candidates: readonly string[], root: string, cwd: string): string {
  const [only, ...others] = candidates
  if (only === undefined) {
    throw new DevshmError('DATABASE_NOT_FOUND', `there is no SQLite database in ${root}`, {
      hint: 'name it with --db PATH (it need not exist yet), or in devshm.config.json under "databases"',
      details: { root },
    })
  }
  if (others.length === 0) return only
  // A copy that somebody made beside the one in RAM must not be in the way of bringing it back.
  const [inRam, ...moreInRam] = candidates.filter(isInRam)
  if (inRam !== undefined && moreInRam.length === 0) return inRam
  const [development, ...more] = candidates.filter((path) => /development/i.test(basename(path)))
  const rest = candidates.filter((path) => path !== development)
  if (development !== undefined && more.length === 0 && rest.every((path) => /test|production/i.test(basename(path)))) {
    return development
  }
  const listed = candidates.slice(0, MOST_LISTED).map((path) => relative(cwd, path) || path)
  const omitted = candidates.length > MOST_LISTED ? ` and ${candidates.length - MOST_LISTED} more` : ''
  throw new DevshmError(
    'DATABASE_AMBIGUOUS',
    `there are ${candidates.length} SQLite databases in ${root}: ${listed.join(', ')}${omitted}`,
    { hint: HOW_TO_CHOOSE, details: { root, databases: candidates } },
  )
}
