import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folders of the packages that these modules belong to, each once, sorted. */
export function dependenciesIn(modules: readonly string[]): readonly string[] {
  const folders = modules.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [])
  return [...new Set(folders)].toSorted()
}

/** The licences under which the bundled packages may be passed on. @throws if one has no licence file */
export function licencesOf(folders: readonly string[]): string {
  return folders.map(licenceOf).join('\n\n')
}

function licenceOf(folder: string): string {
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8')
  const { name, version } = JSON.parse(manifest) as { name: string; version: string }
  const [file] = globSync('{LICENSE,LICENCE,license}*', { cwd: folder })
  if (file === undefined) throw new Error(`${name} has no licence file: it cannot be bundled`)
  return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
}
