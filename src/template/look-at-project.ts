import type { Cache } from './cache.ts'
import type { Project } from './framework.ts'
import { listFiles } from './inputs/list-files.ts'
import { openFileFacts } from './inputs/open-file-facts.ts'

export interface WhatToLookAt extends Pick<Project, 'root' | 'env' | 'databases'> {
  readonly cache: Cache
  /** Patterns of inputs: what they name outside of the project is looked at as well. */
  readonly globs?: readonly string[]
}

/** What frameworks are found by: the files of a project, and what is remembered of them. */
export function lookAtProject({ root, env, databases, cache, globs = [] }: WhatToLookAt): Project {
  const files = listFiles(root, { except: databases.map(({ origin }) => origin), globs })
  return { root, env, databases, files, facts: openFileFacts(root, cache.facts) }
}
