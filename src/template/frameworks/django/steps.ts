import { join, relative, sep } from 'node:path'
import type { Project, SetupStep } from '../../framework.ts'
import type { Location } from './locate.ts'
import { quoted } from '../../../fs/quoted.ts'
import { withRealFolder } from './real-folder.ts'

const DEFAULT_ALIAS = 'default'

/**
 * `migrate`, once for each of the databases. The command lines are the same in every copy of the project.
 *
 * @param engines as the settings name them
 */
export async function migrationSteps(
  project: Project,
  location: Location,
  engines: readonly string[],
  python: string,
): Promise<SetupStep[]> {
  const go = location.folder === '' ? '' : `cd ${quoted(location.folder)} && `
  const command = `${go}${quoted(asInFolder(python, project, location))} manage.py migrate --noinput`
  const aliases = await aliasesOf(project, location, engines)
  return aliases.map((alias) => ({
    run: alias === DEFAULT_ALIAS ? command : `${command} --database=${quoted(alias)}`,
    // Those that every step of Django has.
    inputs: [],
    incremental: true,
  }))
}

/**
 * Django's own names for the project's databases, the default one first. Settings that have one database, and that in
 * a file, are not run to find out; others are, if they changed since they were last asked.
 */
async function aliasesOf(project: Project, { folder }: Location, engines: readonly string[]): Promise<string[]> {
  const { root, env, databases } = project
  const [only, ...more] = databases
  const isSimple = engines.length === 1 && /\.(?:sqlite3|spatialite)$/.test(engines[0] ?? '')
  if (isSimple && more.length === 0 && only !== undefined) return [DEFAULT_ALIAS]
  const files = new Map(databases.map(({ origin }) => [withRealFolder(origin), origin]))
  const { djangoDatabases } = await import('../../../project/django.ts')
  const known = await djangoDatabases({ root, folder: join(root, folder), cwd: root, env }).catch(() => undefined)
  if (known === undefined) return [DEFAULT_ALIAS]
  const aliases = new Map<string, string>()
  for (const { alias, path } of known) {
    const file = files.get(withRealFolder(path))
    if (file !== undefined && !aliases.has(file)) aliases.set(file, alias)
  }
  return [...aliases.values()].toSorted((a, b) => Number(b === DEFAULT_ALIAS) - Number(a === DEFAULT_ALIAS))
}

/** A Python in the project as a path from the folder of `manage.py`. */
function asInFolder(python: string, { root }: Project, { folder }: Location): string {
  if (!python.startsWith(root + sep)) return python
  return relative(join(root, folder), python)
}
