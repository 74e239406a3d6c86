import type { FileFacts } from '../../file-facts.ts'
import { readPython } from './python-source.ts'
import { statementsOf } from './python-statements.ts'

/** What a migration does and where it stands, as far as it says so in plain words. */
export interface MigrationFacts {
  /** Names of the operations, such as `AddField`; `undefined` if they are put together when it runs. */
  readonly operations: readonly string[] | undefined
  /** Names of the migrations that it names as dependencies, of all apps. */
  readonly dependencies: readonly string[]
  readonly replaces: boolean
  readonly runsBefore: boolean
  /** It depends on the last migration of an app, whichever that is. */
  readonly dependsOnLatest: boolean
}

const KEY = 'django: migration 1'

export function migrationFacts(facts: FileFacts, path: string): MigrationFacts | undefined {
  const told = facts.derived(path, KEY, factsInLines)
  if (told === undefined) return undefined
  const of = (sign: string): string[] => told.filter((line) => line.startsWith(sign)).map((line) => line.slice(1))
  const dependencies = of('<')
  return {
    operations: told.includes('!operations') ? undefined : of('='),
    dependencies,
    replaces: told.includes('!replaces'),
    runsBefore: told.includes('!run_before'),
    dependsOnLatest: dependencies.includes('__latest__'),
  }
}

function factsInLines(content: string): readonly string[] {
  const source = readPython(content)
  const { strings } = source
  const told = new Set<string>()
  let lists = 0
  for (const { code } of statementsOf(source)) {
    const [, attribute, value = ''] = /^(\w+)\s*(?::[^=]*)?\+?=\s*(.*)$/s.exec(code) ?? []
    if (/\breplaces\b/.test(code)) told.add('!replaces')
    if (/\brun_before\b/.test(code)) told.add('!run_before')
    if (/\bdependencies\b/.test(code))
      for (const [, index] of code.matchAll(/"(\d+)"/g)) told.add(`<${strings[Number(index)] ?? ''}`)
    if (!/\boperations\b/.test(code)) continue
    const operations = attribute === 'operations' ? operationsIn(value) : undefined
    lists += 1
    if (operations === undefined || lists > 1) told.add('!operations')
    for (const operation of operations ?? []) told.add(`=${operation}`)
  }
  if (lists === 0) told.add('!operations')
  return [...told]
}

/** The names of the calls that are the items of a list, and those of `migrations` anywhere in it. */
function operationsIn(list: string): string[] | undefined {
  const text = list.trim()
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined
  const names: string[] = []
  for (const item of itemsOf(text.slice(1, -1))) {
    const name = /^(?:\w+\s*\.\s*)*(\w+)\s*\(/.exec(item)?.[1]
    if (name === undefined) return undefined
    names.push(name)
  }
  for (const [, name = ''] of text.matchAll(/\bmigrations\s*\.\s*(\w+)\s*\(/g)) names.push(name)
  return names
}

function itemsOf(list: string): string[] {
  const items: string[] = []
  let depth = 0
  let item = ''
  for (const character of list) {
    if ('([{'.includes(character)) depth += 1
    if (')]}'.includes(character)) depth -= 1
    if (character === ',' && depth === 0) {
      items.push(item.trim())
      item = ''
    } else {
      item += character
    }
  }
  return [...items, item.trim()].filter((each) => each !== '')
}
