import { hash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'
import type { FrameworkInput } from '../../framework.ts'
import { interpreter } from '../shared/interpreter.ts'
import type { NodePackage } from './node-package.ts'

const LOCK_FILES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb']
const WHICH_NODE = ['.node-version', '.nvmrc', '.tool-versions', 'mise.toml']

export interface Installed {
  readonly packages: readonly string[]
  readonly inputs: readonly FrameworkInput[]
}

/**
 * What is installed, told without starting Node.js: by the lock file next to the package, or further up in a workspace.
 * Without one, by the versions in `node_modules` of what a migration tool runs on.
 */
export function installedFor(from: NodePackage): Installed {
  const { project, base } = from
  const node = interpreter('node', project.env)
  const inside = foldersUpFrom(base).map((folder) => ({
    lock: LOCK_FILES.map((name) => posix.join(folder, name)).find((path) => project.facts.hashOf(path) !== undefined),
    others: WHICH_NODE.map((name) => posix.join(folder, name)).filter((path) => from.list.has(path)),
  }))
  const others = inside.flatMap((folder) => folder.others)
  const lock = inside.find((folder) => folder.lock !== undefined)?.lock
  const inputs = [...others, ...(lock === undefined ? [] : [lock])].map((path): FrameworkInput => ({
    path,
    role: 'fixed',
  }))
  if (lock !== undefined) return { packages: node, inputs }
  return { packages: [...node, ...(lockFileAbove(project.root) ?? versionsIn(from))].toSorted(), inputs }
}

/** The folder itself, then each above it, up to the project's. */
function foldersUpFrom(base: string): string[] {
  return base === '' ? [''] : [base, ...foldersUpFrom(posix.dirname(base) === '.' ? '' : posix.dirname(base))]
}

/** That of the repository which the project is a part of. */
function lockFileAbove(root: string): readonly string[] | undefined {
  for (let folder = root; !existsSync(join(folder, '.git'));) {
    const above = dirname(folder)
    if (above === folder) return undefined
    folder = above
    for (const name of LOCK_FILES) {
      const content = contentOf(join(folder, name))
      if (content !== undefined)
        return [`${relative(root, join(folder, name))} ${hash('sha256', content).slice(0, 16)}`]
    }
  }
  return undefined
}

function versionsIn({ project, base, dependencies }: NodePackage): readonly string[] {
  return [...dependencies].toSorted().flatMap((name) => {
    const manifest = contentOf(join(project.root, base, 'node_modules', name, 'package.json'))
    const version = /"version"\s*:\s*"([^"]+)"/.exec(manifest ?? '')?.[1]
    return version === undefined ? [] : [`${name} ${version}`]
  })
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
