import { globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What the code reads with `src/fs/own-files.ts`: its name in `dist/` and in the single file, and its path. */
export function filesBesideCode(root: string): [name: string, path: string][] {
  const found = globSync(['src/template/frameworks/django/hook/*.py', 'src/cli/completion/shells/*'], { cwd: root })
  return found.map((path) => [join(basename(dirname(path)), basename(path)), join(root, path)])
}
