import type { Project } from '../../framework.ts'

/** What one file says of others and of the environment, one line each, remembered for as long as its content is the same. */
export interface Language {
  /** Changes with what `read` finds, so that what is remembered is of this version. */
  readonly key: string
  readonly isCode: (path: string) => boolean
  /** `path …` and `variable …` lines. */
  readonly read: (content: string) => readonly string[]
  /** The files that a `path` of `file` means. */
  readonly resolve: (path: string, file: string) => readonly string[]
}

export interface Traced {
  /** What the entries lead to, and they themselves, sorted. */
  readonly files: readonly string[]
  /** Names of environment variables that any of them reads, sorted. */
  readonly variables: readonly string[]
}

/** Follow what files name, transitively. Those for which `stopAt` holds are reached, but not followed. */
export function trace(
  project: Project,
  language: Language,
  entries: readonly string[],
  stopAt: (path: string) => boolean = () => false,
): Traced {
  const files = new Set(entries)
  const variables = new Set<string>()
  // A set can be added to while it is gone through.
  for (const file of files) {
    if (!language.isCode(file) || (stopAt(file) && !entries.includes(file))) continue
    for (const line of project.facts.derived(file, language.key, language.read) ?? []) {
      const [kind, ...rest] = line.split(' ')
      const text = rest.join(' ')
      if (kind === 'variable') variables.add(text)
      if (kind === 'path') for (const path of language.resolve(text, file)) files.add(path)
    }
  }
  return { files: [...files].toSorted(), variables: [...variables].toSorted() }
}
