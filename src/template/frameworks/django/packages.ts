import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Project } from '../../framework.ts'
import { distributionsIn } from './distributions.ts'
import { askInterpreter } from './interpreter.ts'
import type { Python } from './python.ts'

export interface Installed {
  /** Sorted; paths in the project are relative to it. */
  readonly packages: readonly string[]
  /** Folders with code that is installed where it is developed; absolute. */
  readonly folders: readonly string[]
}

/**
 * What is installed for a Python, by the folders of its path. A virtual environment says itself where they are; any
 * other interpreter is asked once.
 */
export async function installedPackages(project: Project, python: Python): Promise<Installed> {
  if (python.file === undefined) return { packages: ['python unknown'], folders: [] }
  const { version, path } = await sitesOf(python.file, project)
  const found = path.map(distributionsIn)
  const folders = [...new Set(found.flatMap((each) => each.folders))].filter((folder) => !path.includes(folder))
  const developed = folders.flatMap((folder) => [`${folder} on the path`, ...distributionsIn(folder).packages])
  const packages = [`python ${version}`, ...found.flatMap((each) => each.packages), ...developed]
  const inProject = (entry: string): string => entry.replaceAll(project.root, '.')
  return { packages: [...new Set(packages.map(inProject))].toSorted(), folders }
}

interface Sites {
  readonly version: string
  /** Absolute folders. */
  readonly path: readonly string[]
}

async function sitesOf(file: string, project: Project): Promise<Sites> {
  const environment = dirname(dirname(file))
  const configuration = join(environment, 'pyvenv.cfg')
  if (!existsSync(configuration)) return await askInterpreter(file, project)
  const settings = valuesIn(readFileSync(configuration, 'utf8'))
  const own = sitesIn(environment)
  const version = settings.get('version') ?? settings.get('version_info') ?? 'unknown'
  if (settings.get('include-system-site-packages')?.toLowerCase() !== 'true') return { version, path: own }
  const base = ['python3', 'python']
    .map((name) => join(settings.get('home') ?? '', name))
    .find((path) => existsSync(path))
  const outer = base === undefined ? [] : (await askInterpreter(base, project)).path
  return { version, path: [...own, ...outer] }
}

function sitesIn(environment: string): string[] {
  return ['lib', 'lib64'].flatMap((name) => {
    const folder = join(environment, name)
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((each) => each.startsWith('python'))
      .map((each) => join(folder, each, 'site-packages'))
  })
}

/** @see https://docs.python.org/3/library/site.html */
function valuesIn(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).map((line) => line.split(/=(.*)/s))
  return new Map(lines.map(([name = '', value = '']) => [name.trim().toLowerCase(), value.trim()]))
}
