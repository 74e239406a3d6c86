import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { shortHash } from '../../../fs/short-hash.ts'

export interface Distributions {
  /** Such as `django 3.2.19`, names as PyPI compares them; and `.pth` files that run code, by what it is. */
  readonly packages: readonly string[]
  /** Folders that `.pth` files put on the path, as editable installations do; absolute. */
  readonly folders: readonly string[]
}

const INSTALLED = /^(.+?)(?:-([^-]+?))?(?:-py\d[\d.]*)?\.(?:dist-info|egg-info|egg)$/

/** What is installed in a folder of Python's path: nothing if there is no such folder. */
export function distributionsIn(folder: string): Distributions {
  const names = namesIn(folder)
  const packages = names.flatMap((name) => {
    const [, project, version] = INSTALLED.exec(name) ?? []
    if (project === undefined) return []
    return [`${normalized(project)} ${version ?? versionIn(join(folder, name))}`]
  })
  const folders: string[] = []
  for (const name of names.filter((each) => each.endsWith('.pth'))) {
    const lines = (textIn(join(folder, name)) ?? '').split(/\r?\n/).map((line) => line.trim())
    const code = lines.filter((line) => /^import\s/.test(line))
    const paths = lines.filter((line) => line !== '' && !line.startsWith('#') && !code.includes(line))
    if (code.length > 0) packages.push(`${name} ${shortHash(code.join('\n'))}`)
    folders.push(...paths.map((line) => resolve(folder, line)))
  }
  return { packages, folders }
}

/** @see https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normalized(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase()
}

/** Some have no version in their name: Debian's, and those that are developed in place. */
function versionIn(path: string): string {
  const metadata = textIn(join(path, 'PKG-INFO')) ?? textIn(path) ?? ''
  return /^Version: *(\S+)/m.exec(metadata)?.[1] ?? 'unknown'
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
