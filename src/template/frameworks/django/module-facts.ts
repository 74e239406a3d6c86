import type { FileFacts } from '../../file-facts.ts'
import { readPython } from './python-source.ts'
import { statementsOf } from './python-statements.ts'
import { type ImportText, importsOf, textOfImport } from './read-imports.ts'
import { variablesIn } from './read-variables.ts'

/** What decides what a Python file depends on. */
export interface ModuleFacts {
  /** What importing it imports. */
  readonly imports: readonly ImportText[]
  /** What its functions import when they run. */
  readonly laterImports: readonly ImportText[]
  /** Some import only shows when the module is imported; or, later, when its functions run. */
  readonly isDynamic: boolean
  readonly isDynamicLater: boolean
  /** It has to do with the signals before and after `migrate`. */
  readonly hasMigrateSignals: boolean
  readonly changesPath: boolean
  /** Names of environment variables. */
  readonly variables: readonly string[]
  /** Commands of `manage.py` that it calls. */
  readonly commands: readonly string[]
  readonly readsFiles: boolean
  /** Where it reads files: the strings in it that may be names of files or fixtures. */
  readonly fileNames: readonly string[]
}

/** `undefined` if there is no such file. */
export type ModuleReader = (path: string) => ModuleFacts | undefined

const KEY = 'django: module 1'

const SIGNALS = /\b(?:pre|post)_migrate\b/
const PATH = /\bsys\s*\.\s*path\b|\baddsitedir\b/
const COMMAND = /\bcall_command\s*\(\s*(?:"(\d+)")?/g
const READING =
  /\bopen\s*\(|\bread_\w+\s*\(|\.\s*read\s*\(|\bget_data\s*\(|\bresources\b|\bdeserialize\b|\bload_?\w*\s*\(/i

/** A file is looked at once; what was read in it is remembered by `facts` for as long as it stays the same. */
export function createModuleReader(facts: FileFacts): ModuleReader {
  const known = new Map<string, ModuleFacts | undefined>()
  return (path) => {
    if (known.has(path)) return known.get(path)
    const told = facts.derived(path, KEY, factsInLines)
    const module = told === undefined ? undefined : understood(told)
    known.set(path, module)
    return module
  }
}

/** A line a fact: a sign for what it is, and the fact. */
function factsInLines(content: string): readonly string[] {
  const source = readPython(content)
  const { strings } = source
  const told = new Set<string>()
  for (const statement of statementsOf(source)) {
    const { code, isLater } = statement
    const { imports, isDynamic } = importsOf(statement, strings)
    for (const each of imports) told.add(`${isLater ? '-' : '+'}${textOfImport(each)}`)
    if (isDynamic) told.add(isLater ? '!dynamic later' : '!dynamic')
    if (SIGNALS.test(code)) told.add('!signals')
    if (PATH.test(code)) told.add('!path')
    if (READING.test(code)) told.add('!files')
    for (const name of variablesIn(statement, strings)) told.add(`$${name}`)
    for (const [, index] of code.matchAll(COMMAND)) {
      const name = index === undefined ? undefined : strings[Number(index)]
      told.add(name === undefined ? '!dynamic' : `>${name}`)
      if (name === 'loaddata') told.add('!files')
    }
  }
  if (told.has('!files')) for (const text of strings) if (/^[\w./+-]{1,200}$/.test(text)) told.add(`~${text}`)
  return [...told]
}

function understood(told: readonly string[]): ModuleFacts {
  const bySign: Record<string, string[]> = { '+': [], '-': [], $: [], '>': [], '~': [], '!': [] }
  for (const line of told) bySign[line.charAt(0)]?.push(line.slice(1))
  const of = (sign: string): readonly string[] => bySign[sign] ?? []
  const flags = of('!')
  return {
    imports: of('+'),
    laterImports: of('-'),
    isDynamic: flags.includes('dynamic'),
    isDynamicLater: flags.includes('dynamic later'),
    hasMigrateSignals: flags.includes('signals'),
    changesPath: flags.includes('path'),
    variables: of('$'),
    commands: of('>'),
    readsFiles: flags.includes('files'),
    fileNames: of('~'),
  }
}
