import type { Project } from '../../template/framework.ts'

/** The content of a file of the project, '' where there is none. */
export function textOf({ facts }: Project, path: string): string {
  return facts.derived(path, 'text', (content) => [content])?.[0] ?? ''
}
