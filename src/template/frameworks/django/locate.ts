import { relative, sep } from 'node:path'
import { findSettingsModule } from '../../../project/django-settings-module.ts'
import type { Project } from '../../framework.ts'
import { folderOf, nameOf, within } from './source-tree.ts'

/** Where a project's Django is. */
export interface Location {
  /** Of `manage.py`, relative to the project's root, `''` for the root itself. */
  readonly folder: string
  /** `undefined` where neither the environment nor `manage.py` names one. */
  readonly settingsModule: string | undefined
}

const MANAGE = 'manage.py'

/**
 * The `manage.py` of Django that a project's databases belong to: the one in its root, else the only one in a folder
 * with one of the databases in or below it.
 */
export function locateDjango({ root, env, databases, files, facts }: Project): Location | undefined {
  const candidates = files.includes(MANAGE)
    ? [MANAGE]
    : files.filter((path) => nameOf(path) === MANAGE && databases.some(({ origin }) => isBelow(folderOf(path), origin)))
  const [path, ...more] = candidates
  if (path === undefined || more.length > 0) return undefined
  // Other frameworks have scripts of this name as well.
  if (!facts.derived(path, 'django: manage 1', isOfDjango)?.includes('django')) return undefined
  const folder = folderOf(path)
  return { folder, settingsModule: findSettingsModule(within(root, folder), [], env) }

  function isBelow(folder: string, origin: string): boolean {
    const below = relative(within(root, folder), origin)
    return below !== '..' && !below.startsWith(`..${sep}`)
  }
}

function isOfDjango(content: string): readonly string[] {
  return /django/i.test(content) ? ['django'] : []
}
