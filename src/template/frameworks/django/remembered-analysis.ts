import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileForNow } from '../../../fs/replace.ts'
import { shortHash } from '../../../fs/short-hash.ts'
import { cacheOf, ensureCache } from '../../cache.ts'
import type { FileFacts } from '../../file-facts.ts'
import type { Project } from '../../framework.ts'
import type { Analysis } from './analysis.ts'

/** To be counted up with every change of what an analysis finds. */
const FORMAT = 1

interface Remembered {
  /** What was asked: the same files in the same places. */
  readonly key: string
  /** The files that were looked at, there or not, and a digest of their contents. */
  readonly lookedAt: readonly string[]
  readonly contents: string
  readonly analysis: Analysis
}

/**
 * What `analyse` found before, if it would look at the same files with the same content again; else what it finds now.
 * Following imports through a thousand files takes ten times as long as looking whether they are the same.
 *
 * @param question what else the answer depends on, besides the project's files
 * @param kind one analysis is remembered for each
 */
export function rememberedAnalysis(
  project: Project,
  question: readonly unknown[],
  analyse: (project: Project) => Analysis,
  kind = 'django',
): Analysis {
  const { root, env, files, facts } = project
  const cache = cacheOf(env)
  const memory = join(cache.facts, `${shortHash(root)}.${kind}.json`)
  const key = hash('sha256', JSON.stringify([FORMAT, root, files, question]))
  const known = readMemory(memory)
  if (known?.key === key && contentsOf(known.lookedAt, facts) === known.contents) return known.analysis

  const seen = new Map<string, string | undefined>()
  const { inputs, variables, engines } = analyse({ ...project, facts: noting(facts, seen) })
  const analysis = { inputs, variables, engines }
  const lookedAt = [...seen.keys()]
  // A file that changed meanwhile was read before or after that: nobody knows.
  if (lookedAt.every((path) => facts.hashOf(path) === seen.get(path))) {
    const remembered: Remembered = { key, lookedAt, contents: contentsOf(lookedAt, facts), analysis }
    try {
      ensureCache(cache)
      writeFileForNow(memory, JSON.stringify(remembered), `${memory}-${process.pid}`)
    } catch {
      // Where nothing can be kept it is found anew each time.
    }
  }
  return analysis
}

/** The same facts, with the hash that each file had before it was first read. */
function noting(facts: FileFacts, seen: Map<string, string | undefined>): FileFacts {
  const note = (path: string): void => {
    if (!seen.has(path)) seen.set(path, facts.hashOf(path))
  }
  return {
    hashOf: (path) => {
      note(path)
      return facts.hashOf(path)
    },
    derived: (path, key, derive) => {
      note(path)
      return facts.derived(path, key, derive)
    },
    save: () => {
      facts.save()
    },
  }
}

function contentsOf(paths: readonly string[], facts: FileFacts): string {
  return hash('sha256', paths.map((path) => facts.hashOf(path) ?? 'absent').join(' '))
}

function readMemory(path: string): Remembered | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Remembered
  } catch {
    return undefined
  }
}
