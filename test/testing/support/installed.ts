import { lstatSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { buildBundle, type Bundle } from '../../../bench/support/bundle.ts'

const ROOT = join(import.meta.dirname, '../../..')

/** Builds the package as it is published before the tests of a file, for {@link install}. */
export function usePublished(): { readonly folder: string } {
  let bundle: Bundle | undefined
  beforeAll(async () => {
    bundle = await buildBundle()
  })
  afterAll(() => bundle?.[Symbol.dispose]())
  return {
    get folder() {
      if (bundle === undefined) throw new Error('the package is built before the tests, not before that')
      return bundle.folder
    },
  }
}

/** Have a project find devshm as npm would install it, besides what it has already, and packages of this repository. */
export function install(project: string, devshm: { readonly folder: string }, ...packages: string[]): void {
  const modules = join(project, 'node_modules')
  const before =
    lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() === true ? entriesIn(realpathSync(modules)) : []
  rmSync(modules, { recursive: true, force: true })
  mkdirSync(modules)
  const wanted = new Map([...before, ...packages.map((name) => [name, join(ROOT, 'node_modules', name)] as const)])
  for (const [name, path] of wanted) {
    mkdirSync(join(modules, name, '..'), { recursive: true })
    symlinkSync(path, join(modules, name))
  }
  symlinkSync(devshm.folder, join(modules, 'devshm'))
}

function entriesIn(folder: string): [name: string, path: string][] {
  return readdirSync(folder).map((name) => [name, join(folder, name)])
}
