import picomatch from 'picomatch'
import { isPlain, parseGlob } from './globs.ts'

/**
 * The files that the patterns name, in the order of `files`. Patterns are relative to the project's folder, as in a shell:
 *
 * - `*` matches within one name, `**` any number of folders, `?`, `[a-z]`, `{a,b}` and `\\` as usual; parentheses mean themselves
 * - names that begin with a dot are only matched by a pattern that says the dot: editors and systems leave such files
 * - upper and lower case differ, on every file system
 * - a folder, as `fixtures` or `fixtures/`, stands for all files below it
 * - `!pattern` takes out again what the patterns before it matched; the last one that matches a file decides
 * - `../shared/*.py` names files outside, if they were listed (`listFiles` with `globs`)
 *
 * @throws {DevshmError} `CONFIGURATION`: absolute, empty, or going up anywhere but at its beginning
 */
export function matchInputs(files: readonly string[], globs: readonly string[]): string[] {
  const lastFirst = globs.map(matcherOf).toReversed()
  return files.filter((file) => {
    const decisive = lastFirst.find(({ matches }) => matches(file))
    return decisive !== undefined && !decisive.isNegated
  })
}

/** The patterns that match no file at all: most likely mistakes. */
export function globsThatMatchNothing(files: readonly string[], globs: readonly string[]): string[] {
  return globs.filter((glob) => !files.some(matcherOf(glob).matches))
}

interface Matcher {
  readonly isNegated: boolean
  readonly matches: (file: string) => boolean
}

function matcherOf(text: string): Matcher {
  const glob = parseGlob(text)
  const { up, isNegated } = glob
  const matchesBelow = isPlain(glob) ? plainMatcher(glob.pattern) : patternMatcher(glob.pattern)
  const matches = (file: string): boolean => {
    if (!file.startsWith(up) || file.startsWith('../', up.length)) return false
    return matchesBelow(up === '' ? file : file.slice(up.length))
  }
  return { isNegated, matches }
}

function plainMatcher(path: string): Matcher['matches'] {
  const folder = `${path}/`
  return (file) => file === path || (file.startsWith(folder) && !/(^|\/)\./.test(file.slice(folder.length)))
}

/**
 * picomatch's own groups are left out: `!(a).txt` would not match `ab.txt`, and frameworks name folders `(group)`. Its
 * expression is several times as fast as its matcher. `s`: names may have line breaks.
 */
function patternMatcher(pattern: string): Matcher['matches'] {
  const expression = picomatch.makeRe(pattern.replace(/\\.|[()|]/gs, escaped), { nonegate: true, flags: 's' })
  return (file) => expression.test(file)
}

function escaped(text: string): string {
  return text.startsWith('\\') ? text : `\\${text}`
}
