import { pathsIn, VALUE, withoutPlaceholders } from './folders-named.ts'
import type { NodePackage } from './node-package.ts'

/** The strings of a configuration's `key: …`, read without running it; a path that is joined from parts is one of them. */
export function valueOf({ project }: NodePackage, config: string, key: string): readonly string[] {
  const read = (content: string): string[] =>
    [
      ...withoutPlaceholders(content).matchAll(new RegExp(String.raw`(?<![\w.])['"]?${key}['"]?\s*:\s*${VALUE}`, 'g')),
    ].flatMap(([, value = '']) => pathsIn(value))
  return project.facts.derived(config, `value of ${key} 1`, read) ?? []
}
