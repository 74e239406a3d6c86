import { trace } from '../shared/trace.ts'
import { javascript } from './javascript.ts'
import type { NodePackage } from './node-package.ts'

/** Whether a configuration, or what it imports, speaks of SQLite: the tools serve other databases as well. */
export function mentionsSqlite({ project, list, base }: NodePackage, config: string): boolean {
  const { files } = trace(project, javascript(list, base), [config])
  return files.some((path) => {
    const found = project.facts.derived(path, 'speaks of SQLite 1', (content) =>
      /sqlite|libsql|sqljs|turso/i.test(content) ? ['yes'] : [],
    )
    return found?.[0] === 'yes'
  })
}
