import { cacheOf } from '../../../cache.ts'
import type { Project } from '../../../framework.ts'
import { listFiles } from '../../../inputs/list-files.ts'
import { openFileFacts } from '../../../inputs/open-file-facts.ts'
import { analyse } from '../analysis.ts'
import { rememberedAnalysis } from '../remembered-analysis.ts'
import type { Base } from './base.ts'
import type { TestLocation } from './locate.ts'

/** The files that decide what `migrate` makes, as for a template of the project's databases. Runs nothing. */
export function findBase(root: string, env: NodeJS.ProcessEnv, { pythonPath, ...location }: TestLocation): Base {
  const lookedAt = Date.now()
  const facts = openFileFacts(root, cacheOf(env).facts)
  const project: Project = { root, env, databases: [], files: listFiles(root), facts }
  const question = [location, pythonPath, env['PYTHONPATH'] ?? '']
  const look = (each: Project) => analyse(each, location, pythonPath)
  const { inputs, variables } = rememberedAnalysis(project, question, look, 'django-tests')
  const hashed = inputs.map(({ path, hash }) => [path, hash ?? facts.hashOf(path) ?? 'absent'] as const)
  facts.save()
  return {
    root,
    lookedAt,
    startedAt: new Date(lookedAt).toISOString(),
    inputs: hashed,
    variables: variables.toSorted(),
  }
}
