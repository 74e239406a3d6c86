import { hash } from 'node:crypto'
import type { FrameworkInput } from '../../framework.ts'
import type { NodePackage } from './node-package.ts'

/** What Drizzle's migrator goes by: it runs every entry that is younger than the youngest one it has run. */
interface Journal {
  /** One for each entry, so that one may be appended to the file and none rewritten. */
  readonly inputs: readonly FrameworkInput[]
  /** Why an entry that was appended may be skipped without a word. */
  whyNotOnTop(): string | undefined
}

export function journalOf({ project }: NodePackage, path: string): Journal {
  const entries = (project.facts.derived(path, 'drizzle journal 1', readJournal) ?? []).map((line) => {
    const [when = '', digest = '', ...tag] = line.split(' ')
    return { when: Number(when), digest, tag: tag.join(' ') }
  })
  return {
    inputs: entries.map(({ tag, digest }) => ({ path: `${path}#${tag}`, role: 'ordered', hash: digest })),
    whyNotOnTop: () => {
      const late = entries.find(({ when }, index) => entries.slice(0, index).some((earlier) => earlier.when >= when))
      return late === undefined ? undefined : `${late.tag} is not younger than what ${path} has before it`
    },
  }
}

function readJournal(content: string): string[] {
  try {
    const { entries } = JSON.parse(content) as { entries: readonly { readonly when: number; readonly tag: string }[] }
    return entries.map((entry) => `${entry.when} ${hash('sha256', JSON.stringify(entry))} ${entry.tag}`)
  } catch {
    // drizzle-kit will say what is wrong with it; until then nothing may continue.
    return [`0 ${hash('sha256', content)} unreadable`]
  }
}
