import { globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** For pages: put into them as it is. */
export const CHARTIST = 'node_modules/chartist/dist/index.umd.js'

/** What the code reads with `src/fs/own-files.ts`: its name in `dist/` and in the single file, and its path. */
export function filesBesideCode(root: string): [name: string, path: string][] {
  const patterns = ['src/template/frameworks/django/hook/*.py', 'src/cli/completion/shells/*', 'src/benchmark/assets/*']
  const found = globSync(patterns, { cwd: root, exclude: ['**/__pycache__'] })
  return [
    ...found.map((path): [string, string] => [join(basename(dirname(path)), basename(path)), join(root, path)]),
    ['assets/chartist.umd.js', join(root, CHARTIST)],
  ]
}
