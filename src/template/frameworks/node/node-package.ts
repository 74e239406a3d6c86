import { posix } from 'node:path'
import type { Project } from '../../framework.ts'
import { type FileList, fileList } from '../shared/file-list.ts'

/** A `package.json` that depends on a tool, and the files below it. */
export interface NodePackage {
  readonly project: Project
  /** Its folder relative to the project's, '' for that itself. */
  readonly base: string
  /** All files of the project. */
  readonly list: FileList
  readonly dependencies: ReadonlySet<string>
  /** The commands of its scripts, by name. */
  readonly scripts: ReadonlyMap<string, string>
  /** It says `"type": "module"`. */
  readonly isModule: boolean
  /** A path inside the package, relative to the project's folder. */
  readonly at: (path: string) => string
  /** The first of these files that is there, given inside the package. */
  readonly first: (...names: readonly string[]) => string | undefined
}

/** The packages that depend on one of these, those nearest to the project's folder first. */
export function packagesWith(project: Project, tools: readonly string[]): readonly NodePackage[] {
  return packagesOf(project).filter(({ dependencies }) => tools.some((tool) => dependencies.has(tool)))
}

/** All packages of a project, those nearest to its folder first. */
export function packagesOf(project: Project): readonly NodePackage[] {
  const manifests = project.files.filter((path) => posix.basename(path) === 'package.json')
  const list = fileList(project.files)
  return manifests.map((path) => nodePackage(project, list, path)).toSorted((a, b) => depthOf(a.base) - depthOf(b.base))
}

function nodePackage(project: Project, list: FileList, manifest: string): NodePackage {
  const lines = project.facts.derived(manifest, 'package.json 1', readManifest) ?? []
  const ofKind = (kind: string): string[] =>
    lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1))
  const base = posix.dirname(manifest) === '.' ? '' : posix.dirname(manifest)
  const at = (path: string): string => posix.join(base, path)
  return {
    project,
    base,
    list,
    dependencies: new Set(ofKind('dependency')),
    scripts: new Map(
      ofKind('script').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
    ),
    isModule: ofKind('type').includes('module'),
    at,
    first: (...names) => names.map(at).find((path) => list.has(path)),
  }
}

function readManifest(content: string): string[] {
  const manifest = parsed(content)
  const dependencies = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((key) =>
    Object.keys(objectOf(manifest[key])),
  )
  const scripts = Object.entries(objectOf(manifest['scripts'])).filter(([name]) => !/\s/.test(name))
  return [
    manifest['type'] === 'module' ? 'type module' : 'type commonjs',
    ...dependencies.map((name) => `dependency ${name}`),
    ...scripts.map(([name, command]) => `script ${name} ${String(command)}`),
  ]
}

function parsed(content: string): Record<string, unknown> {
  try {
    return objectOf(JSON.parse(content))
  } catch {
    // npm will say what is wrong with it.
    return {}
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function depthOf(base: string): number {
  return base === '' ? 0 : base.split('/').length
}
