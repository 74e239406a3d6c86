import { hash } from 'node:crypto'
import { posix } from 'node:path'
import type { FrameworkInput, Project } from '../../framework.ts'

/**
 * The variables among `names` that the project's `.env` files set, each as an input of its own: another API key in the
 * same file is not the database's business. Only hashes of the values leave this function.
 */
export function dotEnvInputs(
  project: Project,
  base: string,
  mode: string,
  names: readonly string[],
): readonly FrameworkInput[] {
  const wanted = new Set(names)
  return ['.env', '.env.local', `.env.${mode}`, `.env.${mode}.local`].flatMap((name) => {
    const path = posix.join(base, name)
    const lines = project.facts.derived(path, 'dot-env 1', assignmentsIn) ?? []
    return lines.flatMap((line): FrameworkInput[] => {
      const [variable = '', digest = ''] = line.split(' ')
      return wanted.has(variable) ? [{ path: `${path}#${variable}`, role: 'fixed', hash: digest }] : []
    })
  })
}

/** `NAME HASH`, where the value is everything up to the next name: it may have several lines. */
function assignmentsIn(content: string): string[] {
  const starts = [...content.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm)]
  return starts.map((start, index) => {
    const value = content.slice(start.index + start[0].length, starts[index + 1]?.index)
    return `${start[1] ?? ''} ${hash('sha256', value)}`
  })
}
