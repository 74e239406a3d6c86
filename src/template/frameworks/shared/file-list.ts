import { posix } from 'node:path'

/** The files of a project, to ask for by name, folder and pattern. */
export interface FileList {
  readonly has: (path: string) => boolean
  /** Everything below a folder, at any depth. */
  readonly below: (folder: string) => readonly string[]
  /** What a pattern with `*` or `{a,b}` means; none where it has neither. */
  readonly matching: (pattern: string) => readonly string[]
}

/** @param all sorted by code unit */
export function fileList(all: readonly string[]): FileList {
  const set = new Set(all)
  const below = (folder: string): readonly string[] => {
    const prefix = folder === '' || folder === '.' ? '' : `${folder.replace(/\/+$/, '')}/`
    return prefix === '' ? all : all.filter((path) => path.startsWith(prefix))
  }
  const matching = (pattern: string): readonly string[] => {
    const start = pattern.search(/[*{?[]/)
    if (start < 0) return []
    return below(posix.dirname(`${pattern.slice(0, start)}x`)).filter((path) => posix.matchesGlob(path, pattern))
  }
  return { has: (path) => set.has(path), below, matching }
}
