import type { FrameworkInput, InputRole, Project } from '../../framework.ts'
import { dotEnvInputs } from '../shared/dot-env.ts'
import { isNumbered } from '../shared/order.ts'
import { trace } from '../shared/trace.ts'
import { installedFor } from './installed.ts'
import { javascript } from './javascript.ts'
import type { NodePackage } from './node-package.ts'

/** What a tool was told to use, relative to the project's folder. */
export interface ToolFiles {
  /** Configuration of the tool. */
  readonly config: readonly string[]
  /** Everything in the folders of migrations. */
  readonly migrations: readonly string[]
  /** What describes the tables in code, besides what the configuration imports. */
  readonly models?: readonly string[]
  /** What the configuration names and migrating does not read. */
  readonly unread?: readonly string[]
}

export interface FoundInputs {
  readonly inputs: readonly FrameworkInput[]
  readonly packages: readonly string[]
  readonly variables: readonly string[]
  /** The migrations, to see where an added one comes. */
  readonly ordered: readonly string[]
}

/**
 * What running migrations depends on: they themselves and all that they import, the configuration and all that it
 * imports, the variables read by any of it, and what is installed.
 *
 * Models that only the configuration imports are `free`: what was migrated already does not depend on them.
 */
export function migrationInputs(
  from: NodePackage,
  { config, migrations, models = [], unread = [] }: ToolFiles,
): FoundInputs {
  const { project, base, list } = from
  const language = javascript(list, base)
  const used = migrations.filter((path) => !/\.(map|md|d\.[cm]?ts)$/.test(path))
  const byMigrations = trace(project, language, used)
  const byConfig = trace(project, language, config, (path) => unread.includes(path) || isModel(project, path))
  const read = byConfig.files.filter((path) => !unread.includes(path))
  const imported = read.filter((path) => isModel(project, path) && !config.includes(path))
  const byModels = trace(project, language, [...models, ...imported])

  const roles = new Map<string, InputRole>()
  const say = (paths: readonly string[], role: InputRole): void => paths.forEach((path) => roles.set(path, role))
  say(byModels.files, 'free')
  say(
    read.filter((path) => !imported.includes(path)),
    'fixed',
  )
  say(byMigrations.files, 'fixed')
  // Those that a data source imports one by one are not among `used`, and stay fixed as it does.
  const ordered = used.filter(isNumbered)
  say(ordered, 'ordered')

  const installed = installedFor(from)
  const mode = project.env['NODE_ENV'] ?? 'development'
  const variables = [...new Set(['NODE_ENV', ...byConfig.variables, ...byMigrations.variables])].toSorted()
  const files = [...roles].map(([path, role]): FrameworkInput => ({ path, role }))
  const inputs = [...files, ...installed.inputs, ...dotEnvInputs(project, base, mode, variables)]
  return { inputs, packages: installed.packages, variables, ordered }
}

/** What a step that is run as a whole each time depends on, besides the layer below. */
export function seedInputs(
  from: NodePackage,
  seeds: readonly string[],
): { files: readonly string[]; variables: readonly string[] } {
  return trace(from.project, javascript(from.list, from.base), seeds)
}

function isModel(project: Project, path: string): boolean {
  const found = project.facts.derived(path, 'is a model 1', (content) =>
    /@Entity\b|\bEntitySchema\b|\bsequelize\.define\(|\bextends (?:\w+\.)?Model\b/.test(content) ? ['yes'] : [],
  )
  return found?.[0] === 'yes'
}
