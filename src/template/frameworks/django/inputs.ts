import type { FrameworkInput, InputRole, Project } from '../../framework.ts'
import type { AppFolders } from './apps.ts'
import { followAll, followWhenImported, type Following } from './follow.ts'
import type { Settings } from './settings.ts'
import { folderOf, nameOf, type SourceTree, within } from './source-tree.ts'

/** Modules that Django, or an app by custom, imports for what they connect to signals. */
const LISTENING = new Set(['signals.py', 'receivers.py', 'handlers.py'])

/**
 * Every file that decides what `migrate` makes, or how what is made later gets into the database:
 *
 * - migrations (`ordered`), and whatever else lies with them, the settings, `apps.py`, and all that migrations and the
 *   receivers of `pre_migrate` and `post_migrate` import, at once or later (`fixed`)
 * - models and what they import at once (`free`): migrations work on the models of their own time, but `loaddata` on
 *   these. The models of an app without migrations are `fixed`: `--run-syncdb` makes its tables from them.
 */
export function inputsOf(project: Project, settings: Settings, following: Following): FrameworkInput[] {
  const { apps, tree, modules } = following
  const roles = new Map<string, InputRole>()
  const give = (role: InputRole, paths: Iterable<string>): void => {
    for (const path of paths) roles.set(path, role)
  }

  const models = tree.modules.filter(isOfModels)
  const ofApps = [...apps.folders].flatMap((folder) => partsOf(folder, tree))
  const listening = tree.modules.filter((path) => LISTENING.has(nameOf(path)))
  const configured = ofApps.flatMap((path) => importedBy(path, following))
  const whenImported = followWhenImported([...models, ...ofApps, ...configured, ...listening], following)
  give('free', whenImported)

  const migrations = withMigrations(project.files, apps)
  const receivers = [...whenImported].filter((path) => modules(path)?.hasMigrateSignals === true)
  const withoutMigrations = models.filter((path) => settings.migrationsAreUncertain || !isMigrated(path, apps))
  give('fixed', followAll([...migrations.filter((path) => path.endsWith('.py')), ...receivers], following))
  give('fixed', [...settings.files, ...settings.data, ...ofApps, ...withoutMigrations, ...migrations])
  give(
    'ordered',
    migrations.filter((path) => isMigration(path, apps)),
  )

  return [...roles.keys()].toSorted().map((path) => ({ path, role: roles.get(path) ?? 'fixed' }))
}

/** `apps.py` connects receivers in a function, `ready()`. */
function importedBy(path: string, { modules, tree, apps }: Following): readonly string[] {
  const module = modules(path)
  if (module === undefined) return []
  const found = [...module.imports, ...module.laterImports].flatMap((each) => tree.resolve(each, path))
  return module.isDynamic || module.isDynamicLater
    ? [...found, ...apps.filesOf(path).filter((each) => tree.has(each))]
    : found
}

function partsOf(folder: string, tree: SourceTree): string[] {
  return [within(folder, '__init__.py'), within(folder, 'apps.py')].filter((path) => tree.has(path))
}

function isOfModels(path: string): boolean {
  return /(?:^|\/)models(?:\.py$|\/)/.test(path)
}

function isMigrated(path: string, apps: AppFolders): boolean {
  return apps.migrations.has(within(apps.appOf(path), 'migrations'))
}

/** What lies in a folder of migrations, at any depth. */
function withMigrations(files: readonly string[], { migrations }: AppFolders): string[] {
  const known = new Map<string, boolean>([['', migrations.has('')]])
  const isWithin = (folder: string): boolean => {
    const before = known.get(folder)
    if (before !== undefined) return before
    const is = migrations.has(folder) || isWithin(folderOf(folder))
    known.set(folder, is)
    return is
  }
  return files.filter((path) => isWithin(folderOf(path)))
}

/** Django takes every module of the package for one, but for those that begin with `_` or `~`. */
function isMigration(path: string, { migrations }: AppFolders): boolean {
  return migrations.has(folderOf(path)) && /^[^_~].*\.py$/.test(nameOf(path))
}
