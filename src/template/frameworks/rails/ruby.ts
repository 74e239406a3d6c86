import { posix } from 'node:path'
import type { FileList } from '../shared/file-list.ts'
import { literalPaths, placesOf } from '../shared/literals.ts'
import type { Language } from '../shared/trace.ts'

const REQUIRED = /\b(?:require|require_relative|load)\s*\(?\s*['"]([^'"\n]+)['"]/g
const CONSTANT = /(?<![\w:'"])(::)?([A-Z]\w*(?:::[A-Z]\w*)*)/g
const DEFINED = /^\s*(?:class|module)\s+(?:\w+::)*([A-Z]\w*)/gm
const VARIABLE = /\bENV(?:\.(?:fetch|key\?|dig))?\s*[[(]\s*['"](\w+)['"]/g
const A_DATABASE_OR_LOG = /\.(sqlite3?|db3?|log)(-\w+)?$/

/**
 * Ruby of a Rails application in `base`: the files that a file requires or names by a literal path, and those that Rails
 * loads for the constants in it (`Shop::Slug` is in `…/shop/slug.rb`). Constants that a file defines itself are its own:
 * a migration that brings a model of its own does not depend on the application's.
 */
export function ruby(list: FileList, base: string): Language {
  const byConstant = Map.groupBy(
    list.below(base).filter((path) => isLoadedByName(posix.relative(base, path))),
    (path) => normal(posix.basename(path, '.rb')),
  )
  return {
    key: 'ruby 1',
    isCode: (path) => /\.(rb|rake|ru)$/.test(path) || /(^|\/)(Rakefile|Gemfile)$/.test(path),
    read: readRuby,
    resolve: (path, file) => {
      if (!path.startsWith('::')) return placesOf(path, file, base).flatMap((place) => filesAt(list, place))
      const name = `/${normal(path.slice(2).replaceAll('::', '/'))}`
      return (byConstant.get(posix.basename(name)) ?? []).filter((each) =>
        `/${normal(each.slice(0, -3))}`.endsWith(name),
      )
    },
  }
}

function isLoadedByName(path: string): boolean {
  return path.endsWith('.rb') && !/^(test|spec|db|config|features|tmp|log)\//.test(path)
}

function readRuby(content: string): string[] {
  const code = content.replaceAll(/^\s*#.*$/gm, '')
  const own = new Set([...code.matchAll(DEFINED)].map(([, name = '']) => name))
  const constants = [...code.matchAll(CONSTANT)]
    .filter(([, isTop, name = '']) => isTop !== undefined || !own.has(name.split('::')[0] ?? ''))
    .flatMap(([, , name = '']) => prefixesOf(name))
  const required = [...code.matchAll(REQUIRED)].map(([, path = '']) => path)
  const paths = new Set([...required, ...literalPaths(code), ...constants.map((name) => `::${name}`)])
  const variables = new Set([...code.matchAll(VARIABLE)].map(([, name = '']) => name))
  return [...[...paths].map((path) => `path ${path}`), ...[...variables].map((name) => `variable ${name}`)]
}

/** `A::B::C` loads `A`, `A::B` and `A::B::C`. */
function prefixesOf(name: string): string[] {
  const parts = name.split('::')
  return parts.map((_, index) => parts.slice(0, index + 1).join('::'))
}

/** As Rails turns one into the other, whatever the application's inflections say of acronyms. */
function normal(text: string): string {
  return text.replaceAll('_', '').toLowerCase()
}

function filesAt(list: FileList, place: string): readonly string[] {
  const found = place.includes('*') ? list.matching(place) : [place, `${place}.rb`].filter(list.has)
  return found.filter((path) => !A_DATABASE_OR_LOG.test(path))
}
