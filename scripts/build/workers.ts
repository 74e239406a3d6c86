import { globSync } from 'node:fs'
import { basename, join } from 'node:path'

/** The source of each worker, by the name that it has in `dist/`. @throws if two have the same */
export function workersIn(root: string): Record<string, string> {
  const found = globSync('src/**/*.worker.ts', { cwd: root })
  const entries = Object.fromEntries(found.map((path) => [basename(path, '.ts'), join(root, path)]))
  if (Object.keys(entries).length < found.length) throw new Error(`two workers have one name: ${found.join(', ')}`)
  return entries
}
