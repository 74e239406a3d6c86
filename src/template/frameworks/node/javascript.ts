import { posix } from 'node:path'
import { literalPaths, placesOf } from '../shared/literals.ts'
import type { FileList } from '../shared/file-list.ts'
import type { Language } from '../shared/trace.ts'

const CODE = /\.([cm]?[jt]s|[jt]sx)$/
const ENDINGS = ['', '.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.tsx', '.jsx', '.json', '.node']
const MODULE = /\b(?:from|import|require|resolve)\s*\(?\s*(['"`])([^'"`\n]+)\1/g
const VARIABLE = /\bprocess\.env(?:\.(\w+)|\[\s*['"`](\w+)['"`]\s*\])/g
const TAKEN_APART = /\{([^{}]*)\}\s*=\s*process\.env\b/g
/** `env('NAME')` of the little libraries that many use for it. */
const ASKED = /\benv(?:\.\w+)?\(\s*['"`](\w+)['"`]/g
const LISTED = /\b(?:readdir|opendir|glob)(?:Sync)?\s*\(([^;\n]*)/g
const A_DATABASE_OR_LOG = /\.(sqlite3?|db3?|log)(-\w+)?$/

/** JavaScript and TypeScript of a package in `base`: what a module imports, requires, reads by a literal path or lists. */
export function javascript(list: FileList, base: string): Language {
  return {
    key: 'javascript 1',
    isCode: (path) => CODE.test(path),
    read: readModule,
    resolve: (path, file) => placesOf(path, file, base).flatMap((place) => filesAt(list, place)),
  }
}

function readModule(content: string): string[] {
  const modules = [...content.matchAll(MODULE)].map(([, , specifier = '']) => specifier)
  const listed = [...content.matchAll(LISTED)].flatMap(([, folder = '']) => {
    const paths = literalPaths(folder).map((path) => `${path}/**`)
    return paths.length > 0 || !/__dirname|import\.meta\.dirname/.test(folder) ? paths : ['./**']
  })
  const paths = new Set([...modules.filter((text) => /[./]/.test(text)), ...literalPaths(content), ...listed])
  const variables = new Set([
    ...[...content.matchAll(VARIABLE)].map(([, dotted, quoted]) => dotted ?? quoted ?? ''),
    ...[...content.matchAll(ASKED)].map(([, name = '']) => name),
    ...[...content.matchAll(TAKEN_APART)].flatMap(([, names = '']) => names.match(/(?<=^|,)\s*\w+/g) ?? []),
  ])
  return [...[...paths].map((path) => `path ${path}`), ...[...variables].map((name) => `variable ${name.trim()}`)]
}

function filesAt(list: FileList, place: string): readonly string[] {
  if (place.includes('*')) return [...list.matching(place), ...list.matching(`${place}.*`)].filter(isInput)
  // A module in TypeScript is imported by the name that it will have in JavaScript.
  const compiled = /^(.*)\.([cm]?)jsx?$/.exec(place)
  const sources = compiled === null ? [] : [`${compiled[1]}.${compiled[2]}ts`, `${compiled[1]}.tsx`]
  const names = [place, posix.join(place, 'index')].flatMap((name) => ENDINGS.map((ending) => name + ending))
  return [...names, ...sources].filter((name) => list.has(name) && isInput(name)).slice(0, 1)
}

function isInput(path: string): boolean {
  return !A_DATABASE_OR_LOG.test(path)
}
