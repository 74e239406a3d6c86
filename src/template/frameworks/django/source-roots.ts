import { relative, resolve } from 'node:path'
import type { Project } from '../../framework.ts'
import type { Location } from './locate.ts'
import type { ModuleReader } from './module-facts.ts'
import { IS_SETTINGS } from './settings.ts'
import { folderOf, nameOf, type SourceTreeOptions, within } from './source-tree.ts'

/**
 * Where Python would look for a project's own modules: beside `manage.py`, in the root, in `src/`, and in those folders
 * of `PYTHONPATH` and of editable installations (absolute) that are in the project. Virtual environments are left out.
 */
export function sourceRoots(
  { root, env, files }: Project,
  { folder }: Location,
  installed: readonly string[],
  modules: ModuleReader,
): SourceTreeOptions {
  const environments = files.filter((path) => nameOf(path) === 'pyvenv.cfg').map(folderOf)
  const prefixes = environments.filter((path) => path !== '').map((path) => `${path}/`)
  const own = prefixes.length === 0 ? files : files.filter((path) => !prefixes.some((each) => path.startsWith(each)))
  const named = [...(env['PYTHONPATH'] ?? '').split(':').filter(Boolean), ...installed]
  const inProject = named.map((path) => relative(root, resolve(root, path))).filter((path) => !path.startsWith('..'))
  const starts = [within(folder, 'manage.py'), ...own.filter((path) => IS_SETTINGS.test(path))]
  return {
    files: own,
    roots: [...new Set([folder, '', within(folder, 'src'), 'src', ...inProject])],
    anyFolderIsRoot: starts.some((path) => modules(path)?.changesPath === true),
  }
}
