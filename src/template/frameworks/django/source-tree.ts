import { importInText, type ImportText } from './read-imports.ts'

/** The Python files of a project, and what an import statement in one of them means. */
export interface SourceTree {
  /** Relative to the project's root, sorted. */
  readonly modules: readonly string[]
  has(path: string): boolean
  /**
   * The files that run when `statement` does, those of the packages around a module included: none if it is not the
   * project's own. Where more than one could be meant it is all of them.
   */
  resolve(statement: ImportText, from: string): readonly string[]
  /** The folders that a package of this name may be in. */
  foldersOf(name: string): string[]
}

export interface SourceTreeOptions {
  /** Every file of the project, relative to its root, sorted. */
  readonly files: readonly string[]
  /** The folders that are on Python's path, relative to the project's root, `''` for itself. */
  readonly roots: readonly string[]
  /** The project changes the path itself, so that any folder may be on it. */
  readonly anyFolderIsRoot: boolean
}

export function createSourceTree({ files, roots, anyFolderIsRoot }: SourceTreeOptions): SourceTree {
  const modules = files.filter((path) => path.endsWith('.py'))
  const known = new Set(modules)
  const folders = new Set<string>([''])
  for (const path of modules) {
    for (let folder = folderOf(path); !folders.has(folder); folder = folderOf(folder)) folders.add(folder)
  }
  const starts = new Map<string, readonly string[]>()
  const resolved = new Map<string, readonly string[]>()
  let parentsByName: Map<string, string[]> | undefined

  return { modules, has: (path) => known.has(path), resolve, foldersOf }

  function resolve(statement: ImportText, from: string): readonly string[] {
    const isRelative = statement.startsWith('.')
    const key = isRelative ? `${folderOf(from)} ${statement}` : statement
    let found = resolved.get(key)
    if (found === undefined) {
      found = isRelative ? resolveRelative(statement, folderOf(from)) : resolveAbsolute(statement)
      resolved.set(key, found)
    }
    return found
  }

  function resolveAbsolute(statement: ImportText): readonly string[] {
    const { module, names } = importInText(statement)
    if (module.startsWith('*.')) return modules.filter((path) => nameOf(path) === `${module.slice(2)}.py`)
    const parts = module.split('.')
    return startsOf(parts[0] ?? '').flatMap((base) => collect(base, parts, names))
  }

  function resolveRelative(statement: ImportText, folder: string): readonly string[] {
    const { module, names } = importInText(statement)
    const dots = /^\.*/.exec(module)?.[0].length ?? 0
    let base = folder
    for (let level = 1; level < dots; level += 1) base = folderOf(base)
    return collect(base, module.slice(dots).split('.').filter(Boolean), names)
  }

  function foldersOf(name: string): string[] {
    const [first = '', ...others] = name.split('.')
    return startsOf(first)
      .map((start) => [start, first, ...others].filter(Boolean).join('/'))
      .filter((folder) => folders.has(folder))
  }

  /** The folders that have a module or package of this name on the top. */
  function startsOf(name: string): readonly string[] {
    const before = starts.get(name)
    if (before !== undefined) return before
    const onPath = roots.filter((root) => isThere(within(root, name)))
    const found = onPath.length > 0 ? onPath : parentsOf(name).filter((folder) => anyFolderIsRoot || !isPackage(folder))
    starts.set(name, found)
    return found
  }

  function parentsOf(name: string): readonly string[] {
    parentsByName ??= indexByName()
    return parentsByName.get(name) ?? []
  }

  function indexByName(): Map<string, string[]> {
    const index = new Map<string, string[]>()
    const add = (name: string, parent: string): void => {
      const parents = index.get(name)
      if (parents === undefined) index.set(name, [parent])
      else parents.push(parent)
    }
    for (const path of modules) add(nameOf(path).slice(0, -'.py'.length), folderOf(path))
    for (const path of folders) add(nameOf(path), folderOf(path))
    return index
  }

  function collect(base: string, parts: readonly string[], names: readonly string[]): string[] {
    const found: string[] = []
    let folder = base
    add(within(folder, '__init__.py'))
    for (const part of parts) {
      const path = within(folder, part)
      add(`${path}.py`)
      if (!folders.has(path)) return found
      folder = path
      add(within(folder, '__init__.py'))
    }
    for (const name of names) {
      if (name === '*') modules.filter((path) => folderOf(path) === folder).forEach(add)
      else if (isThere(within(folder, name))) found.push(...collect(folder, [name], []))
    }
    return found

    function add(path: string): void {
      if (known.has(path)) found.push(path)
    }
  }

  function isThere(path: string): boolean {
    return known.has(`${path}.py`) || folders.has(path)
  }

  function isPackage(folder: string): boolean {
    return known.has(within(folder, '__init__.py'))
  }
}

/** `''` for what is in the root, and for the root itself. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/')
  return end === -1 ? '' : path.slice(0, end)
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
