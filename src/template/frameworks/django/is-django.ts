import { join } from 'node:path'
import { findProjectRoot } from '../../../project/find-project.ts'
import { searchFolder } from '../../../project/search-folder.ts'
import { isOfDjango, locateTests } from './tests/locate.ts'

/** Whether the project that a command runs in is one of Django's: it has a `manage.py` of it, or somebody names settings. */
export function isDjangoProject(where: {
  readonly cwd: string
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
}): boolean {
  const root = findProjectRoot(where.cwd)
  if (locateTests({ ...where, root }).isDjango) return true
  return searchFolder(root).djangoFolders.some((folder) => isOfDjango(join(folder, 'manage.py')))
}
