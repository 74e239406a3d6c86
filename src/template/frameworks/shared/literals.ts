import { posix } from 'node:path'

/** `('a')`, `("b")` and a template without placeholders; no attempt at escapes, which paths have none of. */
const QUOTED = /'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`/g
const JOINED = /\bjoin\(([^()]*)\)|\bresolve\(([^()]*)\)|\bexpand_path\(([^()]*)\)/g
/** What comes before the path in an interpolated string: the folder of the file, or the project's. */
const FOLDER_IN_TEXT = /^(?:[$#]\{(?:__dirname|__dir__|import\.meta\.dirname|process\.cwd\(\)|Rails\.root)\})\/?/

/**
 * What could be a path among the strings of a piece of JavaScript or Ruby, read without understanding either: each
 * string by itself, and those that `join` or `resolve` are called with put together. What is none leads nowhere, so
 * taking too much does no harm. In one whose end is computed, `*` stands for what is computed.
 */
export function literalPaths(code: string): string[] {
  const joined = [...code.matchAll(JOINED)]
    .map(([, a, b, c]) => stringsIn(a ?? b ?? c ?? '').join('/'))
    .map((path) => (/^[\w-]+$/.test(path) ? `./${path}` : path))
  return [...new Set([...stringsIn(code), ...joined])].filter(mayBePath)
}

function stringsIn(code: string): string[] {
  return [...code.matchAll(QUOTED)].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replace(FOLDER_IN_TEXT, './').replaceAll(/[$#]\{[^}]*\}/g, '*'),
  )
}

function mayBePath(text: string): boolean {
  // Neither prose nor SQL; and of a name alone nothing tells that it is one of a file.
  if (text.length > 300 || text.includes('://') || !/^[^\s\\;=]*[/.][^\s\\;=]*$/.test(text)) return false
  const [first = ''] = text.replace(/^(\.{0,2}\/)+/, '').split('/')
  // What begins with something computed could be anything.
  return !first.startsWith('*') && /\w/.test(text)
}

/** The places where a path that was found in `file` may lead to, relative to the project's folder. */
export function placesOf(path: string, file: string, base: string): string[] {
  const fromFile = posix.dirname(file)
  const text = path.replace(/^file:/, '')
  // `@/` and `~/` are what most projects alias their sources to.
  const alias = /^[@~]\/(.*)$/.exec(text)?.[1]
  if (alias !== undefined) return within([posix.join(base, alias), posix.join(base, 'src', alias)])
  if (text.startsWith('./') || text.startsWith('../')) {
    const fromBase = posix.join(base, text)
    // Everything beside the file may be meant, but not everything there is.
    return within([posix.join(fromFile, text), ...(fromBase.startsWith('*') ? [] : [fromBase])])
  }
  // Ruby's load path has `lib`; `__dirname + '/data.json'` begins with a slash.
  return within([posix.join(fromFile, text), posix.join(base, text), posix.join(base, 'lib', text)])
}

function within(places: readonly string[]): string[] {
  return [...new Set(places.map((place) => place.replace(/^(\.\/|\/)+/, '')))].filter(
    (place) => !place.startsWith('..'),
  )
}
