import { folderOf, nameOf, type SourceTree, within } from './source-tree.ts'

/** Which files of a project belong to which of its apps. */
export interface AppFolders {
  /** Folders of apps, with `migrations/` or without. */
  readonly folders: ReadonlySet<string>
  /** Folders of migrations. */
  readonly migrations: ReadonlySet<string>
  /** The folder of the app that a file is in, or else the file's own. */
  appOf(path: string): string
  /** All in the app of a file, or in its folder. */
  filesOf(path: string): readonly string[]
  /** Files by the last part of their path. */
  named(name: string): readonly string[]
  /** The files that a command of `manage.py` may run. */
  commands(name: string): readonly string[]
}

const NUMBERED = /^\d{4}_\w+\.py$/
const MARKS_AN_APP = new Set(['apps.py', 'models.py'])

/** An app is where Django's own names say so; whether it is installed would only show when the settings run. */
export function findApps(files: readonly string[], tree: SourceTree, migrationPackages: readonly string[]): AppFolders {
  const migrations = new Set(migrationPackages.flatMap((name) => tree.foldersOf(name)))
  const folders = new Set<string>()
  for (const path of tree.modules) {
    const folder = folderOf(path)
    const name = nameOf(path)
    if (MARKS_AN_APP.has(name)) folders.add(folder)
    if (nameOf(folder) === 'models' && name === '__init__.py') folders.add(folderOf(folder))
    if (nameOf(folder) === 'migrations' || NUMBERED.test(name)) migrations.add(folder)
  }
  for (const folder of migrations) if (nameOf(folder) === 'migrations') folders.add(folderOf(folder))

  let byName: Map<string, string[]> | undefined
  const named = (name: string): readonly string[] => {
    byName ??= Map.groupBy(files, (path) => nameOf(path))
    return byName.get(name) ?? []
  }
  const appOfFolder = new Map<string, string>()
  const appOf = (path: string): string => {
    const start = folderOf(path)
    let app = appOfFolder.get(start)
    if (app === undefined) {
      for (app = start; app !== '' && !folders.has(app);) app = folderOf(app)
      // In the root everything would be of one app.
      if (app === '') app = start
      appOfFolder.set(start, app)
    }
    return app
  }
  const filesOf = (path: string): readonly string[] => {
    const prefix = within(appOf(path), '')
    return files.filter((each) => each.startsWith(prefix))
  }
  const commands = (name: string): readonly string[] =>
    named(`${name}.py`).filter((path) => folderOf(path).endsWith('management/commands'))
  return { folders, migrations, appOf, filesOf, named, commands }
}

/** Pages, the admin and tests: what is in them has no part in setting up a database. */
const PAGE_OR_TEST = /(?:^|\/)(?:views?|urls|admin|tests?|test_\w+|conftest)(?:\.py$|\/)/

/** By what it is called within its app: an app may well be called `admin`, or lie in `tests`. */
export function isPageOrTest(path: string, folder: string = folderOf(path)): boolean {
  return PAGE_OR_TEST.test(folder === '' ? path : path.slice(folder.length + 1))
}

const NOT_READ_BY_CODE = /\.py$|(?:^|\/)(?:templates|static|locale|tests?)\//

/** The files that code may read, by the strings in it, and all data of its app: a path is often put together. */
export function filesReadBy(names: readonly string[], path: string, apps: AppFolders): string[] {
  const byName = names.flatMap((name) => {
    const last = nameOf(name)
    // Fixtures are loaded by a name without an extension as well.
    const fixtures = last.includes('.') ? [] : FIXTURE_EXTENSIONS.flatMap((extension) => apps.named(last + extension))
    return [...apps.named(last), ...fixtures].filter((each) => !each.endsWith('.py'))
  })
  const ofApp = apps.appOf(path) === '' ? [] : apps.filesOf(path).filter((each) => !NOT_READ_BY_CODE.test(each))
  return [...byName, ...ofApp]
}

const FIXTURE_EXTENSIONS = ['.json', '.jsonl', '.xml', '.yaml', '.yml'].flatMap((extension) => [
  extension,
  ...['.gz', '.bz2', '.xz', '.lzma', '.zip'].map((packed) => extension + packed),
])
