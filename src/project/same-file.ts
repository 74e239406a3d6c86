import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** The paths without those that lead to a file that an earlier one led to already, by a link or a second name. */
export function withoutSameFiles(paths: readonly string[]): string[] {
  const seen = new Set<string>()
  return paths.filter((path) => {
    const file = fileAt(path)
    return !seen.has(file) && seen.add(file)
  })
}

/** Real files before links, so that of a link and its target the target is kept. */
export function filesBeforeLinks(paths: readonly string[]): string[] {
  return paths.toSorted((a, b) => Number(isLink(a)) - Number(isLink(b)))
}

function fileAt(path: string): string {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (stats !== undefined) return `${stats.dev}:${stats.ino}`
    return isLink(path) ? resolve(dirname(path), readlinkSync(path)) : join(realFolder(path), basename(path))
  } catch {
    // A folder that this user may not enter, a link to itself: whoever then works with it says what is wrong.
    return path
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
}

function realFolder(path: string): string {
  try {
    return realpathSync(dirname(path))
  } catch {
    return dirname(path)
  }
}
