import type { Statement } from './python-statements.ts'

export interface Import {
  /** Dotted, with the dots in front if it is relative: `a.b`, `.`, `..a`. */
  readonly module: string
  /** What is taken from it, modules or not; `*` for all. None for `import a.b`. */
  readonly names: readonly string[]
}

/** An {@link Import} in one line: `a.b`, or `a.b name name`. */
export type ImportText = string

export function textOfImport({ module, names }: Import): ImportText {
  return [module, ...names].join(' ')
}

export function importInText(text: ImportText): Import {
  const [module = '', ...names] = text.split(' ')
  return { module, names }
}

export interface Imports {
  readonly imports: readonly Import[]
  /** Some module is imported whose name only shows when the code runs. */
  readonly isDynamic: boolean
}

const FROM = /(?<![\p{L}\p{N}_.])from\s*((?:\.\s*)*)([\p{L}\p{N}_]+(?:\s*\.\s*[\p{L}\p{N}_]+)*)?\s*import\b([^;]*)/gu
const IMPORT = /(?<![\p{L}\p{N}_.])import\s+([^;]*)/gu
const RENAMED = /\b(?:import_module|import_string|__import__)\s+as\b/
/** Ways to import by a string, with the string if it is all that decides. */
const BY_NAME =
  /\b(import_module|import_string|__import__|autodiscover_modules)\b(?:\s*\(\s*"(\d+)"\s*(?:\)|,\s*(?:package\s*=\s*)?(?:__package__|__name__)\s*\)))?/g
const OTHER_WAYS =
  /\b(?:exec|eval|execfile|run_module|run_path|load_source|spec_from_file_location|SourceFileLoader|iter_modules|walk_packages)\s*\(/

/** Everything that a statement imports, wherever in it that is. */
export function importsOf({ code }: Statement, strings: readonly string[]): Imports {
  const imports: Import[] = []
  let rest = code
  if (code.includes('import')) {
    rest = rest.replaceAll(FROM, (_all, dots: string, module: string | undefined, names: string) => {
      imports.push({ module: withoutSpaces(dots + (module ?? '')), names: namesIn(names) })
      return ''
    })
    rest = rest.replaceAll(IMPORT, (_all, names: string) => {
      imports.push(...namesIn(names).map((module) => ({ module, names: [] })))
      return ''
    })
  }
  let isDynamic = RENAMED.test(code) || OTHER_WAYS.test(rest)
  for (const [, how, index] of rest.matchAll(BY_NAME)) {
    const module = index === undefined ? undefined : strings[Number(index)]
    if (module === undefined || (how === 'autodiscover_modules' && module.includes('.'))) isDynamic = true
    else imports.push({ module: how === 'autodiscover_modules' ? `*.${module}` : module, names: [] })
  }
  return { imports, isDynamic }
}

function namesIn(list: string): string[] {
  return list
    .replaceAll(/[()]/g, '')
    .split(',')
    .map((name) => withoutSpaces(name.replace(/\sas\s.*/s, '')))
    .filter((name) => name !== '')
}

function withoutSpaces(text: string): string {
  return text.replaceAll(/\s/g, '')
}
