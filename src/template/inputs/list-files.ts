import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { foldersOutside } from './globs.ts'
import { cannotList, isWithin, walk, type Folder } from './walk.ts'

export interface ListOptions {
  /** Absolute paths of the project's own databases: a set-up makes them, it does not read them. */
  readonly except?: readonly string[]
  /** Patterns of inputs: of those that begin with `../`, the folders that they name are listed as well. */
  readonly globs?: readonly string[]
}

/**
 * Every file of a project that can be an input of its set-up: relative to the root, with `/`, sorted by code unit.
 *
 * - Left out are what tools fill by themselves (`left-out.ts`) and the databases in `except`, with their logs and journals.
 * - A link to a file is listed as a file. A link to a folder is followed, as Django projects link apps, unless that folder
 *   contains it. Of the links found behind such a link, only those out of the project are followed, one for each folder.
 * - A folder that this user can neither list nor enter is left out: no step of the set-up can read it either.
 * - A name that is not UTF-8 is kept as `odd-names.ts` says.
 *
 * Reads folders, never a file.
 *
 * @throws {DevshmError} `IO`: there is no such root, or a folder that a step could read from cannot be listed
 */
export function listFiles(root: string, { except = [], globs = [] }: ListOptions = {}): string[] {
  const project: Folder = { prefix: '', real: realRootOf(root) }
  const databases = new Set(except.flatMap(filesOfDatabase))
  const names = new Set([project.real, ...databases].map((path) => basename(path)))
  // Few files have one of these names, so nearly no path is put together in vain.
  const isSkipped = (folder: string, name: string): boolean => {
    const path = names.has(name) ? join(folder, name) : undefined
    return path !== undefined && (databases.has(path) || path === project.real)
  }

  const files: string[] = []
  const enter = (folder: Folder): readonly Folder[] => {
    const found = walk(root, folder, isSkipped)
    for (const file of found.files) files.push(file)
    return found.links
  }
  // Links of the project itself are all followed: either name of a folder may be the one that a pattern says. Those
  // behind them are not, or links to each other would double with every level.
  let links = [project, ...outside(root, globs, files)].flatMap(enter)
  const followed = new Set(links.map(({ real }) => real))
  links = links.flatMap(enter)
  while (links.length > 0) {
    links = inOrder(links).flatMap((link) => {
      if (followed.has(link.real) || isWithin(link.real, project.real)) return []
      followed.add(link.real)
      return enter(link)
    })
  }
  return files.toSorted()
}

function realRootOf(root: string): string {
  try {
    return realpathSync(root)
  } catch (error) {
    throw cannotList(root, error)
  }
}

function outside(root: string, globs: readonly string[], files: string[]): Folder[] {
  return foldersOutside(globs).flatMap((path) => {
    const stats = statSync(join(root, path), { throwIfNoEntry: false })
    if (stats?.isFile()) files.push(path)
    return stats?.isDirectory() ? [{ prefix: `${path}/`, real: realpathSync(join(root, path)) }] : []
  })
}

/** Folders are read in any order; which of two links to one folder is followed must not depend on it. */
function inOrder(links: readonly Folder[]): Folder[] {
  return links.toSorted((a, b) => (a.prefix < b.prefix ? -1 : 1))
}

/** Where the database is said to be, and where it is: in RAM while it is attached. */
function filesOfDatabase(path: string): string[] {
  const named = join(realOf(dirname(path)), basename(path))
  return [named, realOf(path)].flatMap((file) => ['', '-wal', '-shm', '-journal'].map((suffix) => file + suffix))
}

function realOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path)
}
