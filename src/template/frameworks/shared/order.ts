import { posix } from 'node:path'
import { sortsAfter } from '../../inputs/sorts-after.ts'

/** Whether a file is a migration by its name: a number or a time comes first, and tools run them in that order. */
export function isNumbered(path: string): boolean {
  return /^\d/.test(orderOf(path))
}

/**
 * Why the added ones do not come after all the others, or `undefined` if they do: tools go by the name, in whatever folder
 * it lies.
 *
 * @param ordered all there are, the added ones too
 */
export function whyNotNewest(ordered: readonly string[], added: readonly string[]): string | undefined {
  const isAdded = new Set(added)
  const applied = ordered.filter((path) => !isAdded.has(path))
  for (const path of added) {
    const after = applied.find((other) => !sortsAfter(orderOf(path), orderOf(other)))
    if (after !== undefined) return `${path} was added, which does not come after ${after}`
  }
  return undefined
}

/** The file's name; the folder's where each migration has one of its own; of a part of a file, the part's. */
function orderOf(path: string): string {
  const part = path.indexOf('#')
  if (part >= 0) return path.slice(part + 1)
  const name = posix.basename(path)
  return /^migration\.\w+$/.test(name) ? posix.basename(posix.dirname(path)) : name
}
