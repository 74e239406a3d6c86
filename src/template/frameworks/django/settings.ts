import { posix } from 'node:path'
import { isPageOrTest } from './apps.ts'
import type { Project } from '../../framework.ts'
import type { ModuleReader } from './module-facts.ts'
import { settingsFacts, type SettingsFacts } from './settings-facts.ts'
import type { Location } from './locate.ts'
import { folderOf, nameOf, type SourceTree, within } from './source-tree.ts'

/** What the settings of a project are, and what they say that can be read without running them. */
export interface Settings extends Omit<SettingsFacts, 'names' | 'readsEnvironmentFiles' | 'includesFiles'> {
  /** The settings module and what it imports, and other modules that by their names are settings too. */
  readonly files: ReadonlySet<string>
  /** Files of other kinds that they may read. */
  readonly data: ReadonlySet<string>
}

/** `settings.py`, `settings/…`, `settings_local.py`, `test_settings.py`: a step may name another one with `--settings`. */
export const IS_SETTINGS: RegExp = /(?:^|\/)(?:settings\w*\.py|\w+_settings\.py|settings\/.*\.py)$/
const READ_FROM = /\.(?:json|ya?ml|toml|ini|cfg|conf|env|txt|key|secret)$/

export function readSettings(
  project: Project,
  tree: SourceTree,
  { folder, settingsModule: module }: Location,
  modules: ModuleReader,
): Settings {
  const { facts } = project
  const named = module === undefined ? [] : tree.resolve(module, within(folder, 'manage.py'))
  const main = named.filter((path) => nameOf(path) !== '__init__.py' || named.at(-1) === path)
  const files = new Set([...named, ...tree.modules.filter((path) => IS_SETTINGS.test(path))])
  const found: SettingsFacts[] = []
  for (const path of files) {
    const imports = modules(path)
    const settings = settingsFacts(facts, path)
    if (imports === undefined || settings === undefined) continue
    found.push(settings)
    const isDynamic = imports.isDynamic || imports.isDynamicLater || settings.includesFiles
    for (const each of [...imports.imports, ...imports.laterImports]) add(tree.resolve(each, path))
    for (const name of settings.names) add(tree.resolve(name, path).slice(-1).filter(isOfDatabase))
    if (isDynamic) add(tree.modules.filter((each) => each.startsWith(within(folderOf(path), ''))))
  }
  const places = new Set(['', folder, ...main.map(folderOf), ...[...files].filter(isSettings).map(folderOf)])
  const reading = [...files].flatMap((path) => modules(path)?.fileNames ?? []).filter((name) => READ_FROM.test(name))
  const data = reading.flatMap((name) => [...places].map((place) => posix.normalize(within(place, name))))
  const readsEnvironmentFiles = found.some((each) => each.readsEnvironmentFiles)
  if (readsEnvironmentFiles) data.push(...[...places].flatMap((place) => environmentFilesIn(project, place)))
  return {
    files,
    data: new Set(data.filter((path) => !path.startsWith('../') && facts.hashOf(path) !== undefined)),
    migrationPackages: found.flatMap((each) => each.migrationPackages),
    migrationsAreUncertain: found.some((each) => each.migrationsAreUncertain),
    listsApps: found.some((each) => each.listsApps),
    hasContentTypes: found.some((each) => each.hasContentTypes),
    engines: found.flatMap((each) => each.engines),
  }

  function add(paths: readonly string[]): void {
    for (const path of paths) files.add(path)
  }
}

function isSettings(path: string): boolean {
  return IS_SETTINGS.test(path)
}

function isOfDatabase(path: string): boolean {
  return !isPageOrTest(path)
}

function environmentFilesIn({ files }: Project, folder: string): string[] {
  const isOfEnvironment = (name: string): boolean => name.startsWith('.env') || name === 'settings.ini'
  return files.filter((path) => folderOf(path) === folder && isOfEnvironment(nameOf(path)))
}
