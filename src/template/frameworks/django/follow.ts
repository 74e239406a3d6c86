import { type AppFolders, filesReadBy, isPageOrTest } from './apps.ts'
import type { ModuleReader } from './module-facts.ts'
import type { SourceTree } from './source-tree.ts'

export interface Following {
  readonly tree: SourceTree
  readonly apps: AppFolders
  readonly modules: ModuleReader
}

/**
 * All that the code in these files may run or read: themselves, what they import, at once or later, what that imports,
 * the commands of `manage.py` that they call, and the files that they read. Where that only shows when the code runs, it
 * is every file of Python in the app.
 */
export function followAll(start: Iterable<string>, { tree, apps, modules }: Following): Set<string> {
  const reached = new Set<string>(start)
  const data = new Set<string>()
  for (const path of reached) {
    const module = modules(path)
    if (module === undefined) continue
    for (const each of module.imports) add(tree.resolve(each, path))
    for (const each of module.laterImports) add(tree.resolve(each, path))
    for (const name of module.commands) add(apps.commands(name))
    if (module.isDynamic || module.isDynamicLater) add(modulesIn(apps.filesOf(path)))
    if (module.readsFiles) for (const each of filesReadBy(module.fileNames, path, apps)) data.add(each)
  }
  return new Set([...reached, ...data])

  function add(paths: Iterable<string>): void {
    for (const path of paths) reached.add(path)
  }
}

/**
 * What runs when these files are imported, as far as it can tell what an object is that is put into the database. Left
 * out are the imports in functions, which are what an app does later, and its pages, its admin and its tests.
 */
export function followWhenImported(start: Iterable<string>, { tree, apps, modules }: Following): Set<string> {
  const reached = new Set<string>(start)
  for (const path of reached) {
    const module = modules(path)
    if (module === undefined) continue
    for (const each of module.imports) add(tree.resolve(each, path))
    if (module.isDynamic) add(modulesIn(apps.filesOf(path)))
  }
  return reached

  function add(paths: readonly string[]): void {
    for (const path of paths) if (!reached.has(path) && !isPageOrTest(path, apps.appOf(path))) reached.add(path)
  }
}

function modulesIn(files: readonly string[]): string[] {
  return files.filter((path) => path.endsWith('.py'))
}
