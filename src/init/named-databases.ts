import { posix } from 'node:path'
import type { Framework, Project } from '../template/framework.ts'
import { textOf } from './recipes/text.ts'

/** A database file in a setting, with what comes before it in its line. */
const NAMED = /^(.*?["'`\s:=/])((?:\.{0,2}\/)?[\w-][\w./-]*\.(?:sqlite3|sqlite|db3?))\b(?![./(])/gim
const SETTINGS = /^(?!.*\block\b).*\.(?:json|[cm]?[jt]s|ya?ml|env)$/
const PACKAGES = ['package.json', 'Gemfile']
/** The tool goes to the folder of this file before it opens anything. */
const GOES_TO = /(^|\/)knexfile\.\w+$/

/**
 * The database files that a framework's settings name, relative to the project's folder: for a fresh checkout, in which
 * there is none yet.
 */
export function namedDatabases(project: Project, { inputs }: Framework): string[] {
  const files = inputs.filter(({ path, role }) => role === 'fixed' && SETTINGS.test(path)).map(({ path }) => path)
  return databasesIn(project, files)
}

/** The database files that these files name, and `.env` beside them. Read as text; those for tests and production are left out. */
export function databasesIn(project: Project, files: readonly string[]): string[] {
  const bases = [...new Set(files.map((path) => baseOf(project, path)))]
  const dotEnv = bases.map((base) => posix.join(base, '.env')).filter((path) => project.files.includes(path))
  const found = [...files, ...dotEnv].flatMap((file) =>
    [...withJoined(textOf(project, file)).matchAll(NAMED)].map(([, before = '', path = '']) => {
      if (path.startsWith('/')) return path
      const isBesideFile = /__dirname|import\.meta|\bURL\(/.test(before) || GOES_TO.test(file)
      return posix.join(isBesideFile ? posix.dirname(file) : baseOf(project, file), path)
    }),
  )
  return [...new Set(found)].filter((path) => !/test|production/i.test(posix.basename(path)))
}

/** What `join` and `resolve` put together, as one string. */
function withJoined(text: string): string {
  return text.replaceAll(/\b(?:join|resolve)\(([^()]*(?:\(\)[^()]*)*)\)/g, (_call, parts: string) => {
    const strings = [...parts.matchAll(/['"`]([^'"`\n]+)['"`]/g)].map(([, part = '']) => part)
    return `${/__dirname|import\.meta/.test(parts) ? '__dirname ' : ''}'${strings.join('/')}'`
  })
}

/** The folder of the package that a file belongs to: what is relative there is relative to it. */
function baseOf({ files }: Project, file: string): string {
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    if (folder === '.') return ''
    if (PACKAGES.some((name) => files.includes(posix.join(folder, name)))) return folder
  }
}
