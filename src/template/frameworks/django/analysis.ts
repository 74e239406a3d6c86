import type { FileFacts } from '../../file-facts.ts'
import type { FrameworkInput, Project } from '../../framework.ts'
import { findApps } from './apps.ts'
import type { Following } from './follow.ts'
import { inputsOf } from './inputs.ts'
import type { Location } from './locate.ts'
import { createModuleReader } from './module-facts.ts'
import { readSettings, type Settings } from './settings.ts'
import { sourceRoots } from './source-roots.ts'
import { createSourceTree } from './source-tree.ts'

/** What the files of a project say. */
export interface Analysis {
  readonly inputs: readonly FrameworkInput[]
  /** Names of environment variables that any of the inputs reads. */
  readonly variables: readonly string[]
  /** See {@link Settings}. */
  readonly engines: readonly string[]
}

/** The same with what it was found by. */
export interface WholeAnalysis extends Analysis {
  readonly settings: Settings
  readonly following: Following
  readonly facts: FileFacts
}

/** @param installed folders with code that is installed where it is developed; absolute */
export function analyse(project: Project, location: Location, installed: readonly string[]): WholeAnalysis {
  const { facts } = project
  const modules = createModuleReader(facts)
  const tree = createSourceTree(sourceRoots(project, location, installed, modules))
  const settings = readSettings(project, tree, location, modules)
  const apps = findApps(project.files, tree, settings.migrationPackages)
  const following: Following = { tree, apps, modules }
  const inputs = inputsOf(project, settings, following)
  const variables = inputs.flatMap(({ path }) => (path.endsWith('.py') ? (modules(path)?.variables ?? []) : []))
  return { inputs, variables: [...new Set(variables)], engines: settings.engines, settings, following, facts }
}
