import { posix } from 'node:path'
import { asGlobs } from '../template/frameworks/shared/as-globs.ts'

/**
 * Globs that match just these files of the project. A folder all of whose files are among them stands for them, so that a
 * file which is added later counts as well.
 *
 * @param all the project's files
 */
export function asFolders(files: readonly string[], all: readonly string[]): string[] {
  const wanted = new Set(files)
  const others = all.filter((path) => !wanted.has(path))
  const isWhole = (folder: string): boolean =>
    !others.some((path) => path.startsWith(`${folder}/`) && !isHidden(path, folder))
  const whole = new Set<string>()
  const rest: string[] = []
  for (const file of files) {
    const folder = foldersOf(file).find((each) => !isHidden(file, each) && isWhole(each))
    if (folder === undefined) rest.push(file)
    else whole.add(folder)
  }
  return [...asGlobs([...whole]).map((folder) => `${folder}/**`), ...asGlobs(rest)].toSorted()
}

/** The outermost first. */
function foldersOf(path: string): string[] {
  const parts = posix.dirname(path).split('/')
  return parts[0] === '.' || parts[0] === '..' ? [] : parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Whether `folder/**` does not match it: a name below the folder begins with a dot. */
function isHidden(path: string, folder: string): boolean {
  return /(^|\/)\./.test(path.slice(folder.length + 1))
}
