import { basename, dirname, extname } from 'node:path'
import { sortsAfter } from './sorts-after.ts'

/** In each folder of Python migrations, is none, and sorts after all that begin with a digit. */
const NO_STEP = '__init__.py'

/**
 * Why not all of the `pending` files come after the `applied` ones, or `undefined` if they do. A file must sort after
 * those in its own folder, and, unless folders are independent of each other, after those of its kind in other folders.
 */
export function whyNotLast(
  applied: readonly string[],
  pending: readonly string[],
  foldersAreIndependent: boolean,
): string | undefined {
  const steps = applied.filter((path) => basename(path) !== NO_STEP)
  for (const path of pending) {
    const comesAfter = (other: string): boolean =>
      dirname(path) === dirname(other)
        ? sortsAfter(basename(path), basename(other))
        : foldersAreIndependent || extname(path) !== extname(other) || isBelowLaterFolder(path, other)
    const later = steps.find((other) => !comesAfter(other))
    if (later !== undefined) return `${path} was added, which does not come after ${later}`
  }
  return undefined
}

/** Tools differ in whether a file comes before a folder beside it, so such a pair has no order. */
function isBelowLaterFolder(path: string, other: string): boolean {
  const [parts, others] = [path.split('/'), other.split('/')]
  const fork = parts.findIndex((part, index) => part !== others[index])
  const [part = '', otherPart = ''] = [parts.slice(0, -1)[fork], others.slice(0, -1)[fork]]
  return part !== '' && otherPart !== '' && sortsAfter(part, otherPart)
}
