import { DevshmError } from '../../errors.ts'

export interface Glob {
  /** Takes out what an earlier pattern matched. */
  readonly isNegated: boolean
  /** How far up it begins: `''`, `../`, `../../` … */
  readonly up: string
  /** The rest, below that folder. */
  readonly pattern: string
}

const MAGIC = /[*?[\]{}\\]/

/**
 * @throws {DevshmError} `CONFIGURATION`: absolute, empty, or going up anywhere but at its beginning
 */
export function parseGlob(text: string): Glob {
  const isNegated = text.startsWith('!')
  const path = (isNegated ? text.slice(1) : text).replace(/^(\.\/+)+/, '').replace(/(^|\/)\.\.$/, '$1../')
  const up = /^(\.\.\/)*/.exec(path)?.[0] ?? ''
  const pattern = path.slice(up.length)
  if (path === '') throw refused(text, 'is empty', 'write ** for all files')
  if (path.startsWith('/'))
    throw refused(text, 'is absolute', "write it relative to the project's folder, as in ../shared/**")
  if (pattern.split('/').includes('..')) throw refused(text, 'goes up in its middle', 'write .. only at its beginning')
  return { isNegated, up, pattern: pattern === '' || pattern.endsWith('/') ? `${pattern}**` : pattern }
}

/** Whether the pattern is a plain path, of a file or of a folder with all that is in it. */
export function isPlain({ pattern }: Glob): boolean {
  return !MAGIC.test(pattern)
}

/** What the patterns name outside of the project: paths of folders (or of one file), none of them within another. */
export function foldersOutside(globs: readonly string[]): string[] {
  const paths = globs.map(parseGlob).filter(({ isNegated, up }) => !isNegated && up !== '')
  const folders = new Set(paths.map((glob) => glob.up + plainBeginning(glob)).map((path) => path.replace(/\/$/, '')))
  return [...folders].filter(
    (path) => !path.split('/').some((_, length, parts) => length > 0 && folders.has(parts.slice(0, length).join('/'))),
  )
}

function plainBeginning({ pattern }: Glob): string {
  const parts = pattern.split('/')
  const magic = parts.findIndex((part) => MAGIC.test(part))
  return parts.slice(0, magic === -1 ? undefined : magic).join('/')
}

function refused(text: string, why: string, hint: string): DevshmError {
  return new DevshmError('CONFIGURATION', `the input "${text}" ${why}`, { hint, details: { input: text } })
}
