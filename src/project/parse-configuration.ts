import { closest } from 'fastest-levenshtein'
import { findNodeAtLocation, type Node } from 'jsonc-parser'
import { type BaseIssue, safeParse } from 'valibot'
import { DevshmError } from '../errors.ts'
import type { ConfigurationFile } from './configuration-file.ts'
import { configurationSchema } from './configuration-schema.ts'
import type { Configuration, ConfiguredDatabase, ConfiguredStep } from './configuration.ts'
import {
  findBadKey,
  findNul,
  lineAndColumn,
  type Mistake,
  offsetAt,
  parseWithPlaces,
  valueOf,
} from './json-with-places.ts'

const KEYS = [
  '$schema',
  'databases',
  'volume',
  'saveEvery',
  'journal',
  'requireRam',
  'keepSnapshots',
  'snapshotBudget',
  'cloneBudget',
  'setup',
  'env',
] satisfies (keyof Configuration)[]
const KEYS_OF_DATABASE = ['path'] satisfies (keyof ConfiguredDatabase)[]
const KEYS_OF_STEP = ['run', 'inputs', 'variables', 'incremental'] satisfies (keyof ConfiguredStep)[]
const LISTS = ['setup', 'inputs', 'variables'] satisfies (keyof Configuration | keyof ConfiguredStep)[]
const LONGEST_QUOTE = 60

interface MistakeWithHint extends Mistake {
  readonly hint?: string
}

/**
 * The configuration in `text`, with every key and value checked.
 *
 * @throws {DevshmError} `CONFIGURATION`: the first mistake in the file, as `file:line:column: what is wrong`
 */
export function parseConfiguration(text: string, file: ConfigurationFile): Configuration {
  const fail = (mistake: MistakeWithHint): never => {
    const place = lineAndColumn(text, mistake.offset)
    throw new DevshmError('CONFIGURATION', `${file.path}:${place.line}:${place.column}: ${mistake.message}`, {
      hint: mistake.hint ?? 'correct it there',
      details: { file: file.path, ...place },
    })
  }
  const parsed = parseWithPlaces(text)
  if ('message' in parsed) return fail(parsed)
  const node = findNodeAtLocation(parsed, [...file.under]) ?? parsed
  const ours = onlyUnder(file.under, parsed)
  const bad = findBadKey(ours, text) ?? findNul(ours)
  if (bad !== undefined) return fail(bad)
  const result = safeParse(configurationSchema, valueOf(node, LISTS))
  if (result.success) return result.output
  // A misspelt key is also missing under its right name, which would be the lesser help.
  const isMisspelt = result.issues.some(isUnknownKey)
  const issues = result.issues.filter(({ received }) => !isMisspelt || received !== 'undefined')
  const mistakes = issues.map((issue) => describe(issue, parsed, text, file.under))
  return fail(mistakes.reduce((first, next) => (next.offset < first.offset ? next : first)))
}

/** Of a `package.json`, only the part that is devshm's business. */
function onlyUnder(under: readonly string[], tree: Node): Node {
  const [key] = under
  if (key === undefined) return tree
  return { ...tree, children: (tree.children ?? []).filter((property) => property.children?.[0]?.value === key) }
}

function describe(issue: BaseIssue<unknown>, tree: Node, text: string, under: readonly string[]): MistakeWithHint {
  const path = [...under, ...(issue.path ?? []).map(keyOf)]
  const name = String(path.at(-1) ?? '')
  const isKey = issue.path?.at(-1)?.origin === 'key'
  const offset = offsetAt(tree, path, isKey)
  const known = knownKeys(path.slice(under.length))
  if (isUnknownKey(issue)) {
    const message = `unknown key ${JSON.stringify(name)}, the nearest known one is "${closest(name, known)}"`
    return { offset, message, hint: `the keys here are ${known.map((key) => `"${key}"`).join(', ')}` }
  }
  const node = findNodeAtLocation(tree, path)
  if (node === undefined) return { offset, message: `${path.slice(0, -1).join('.')} has no "${name}"` }
  if (isKey) return { offset, message: `${JSON.stringify(name)} is not ${issue.message}` }
  const found = shortened(text.slice(node.offset, node.offset + node.length))
  return { offset, message: `${path.join('.') || 'the file'} is ${found}, expected ${issue.message}` }
}

function isUnknownKey({ type, expected }: BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never'
}

/** Elements of a list are found by number. */
function keyOf({ key }: { readonly key: unknown }): string | number {
  return typeof key === 'number' ? key : String(key)
}

function knownKeys([first, ...more]: readonly (string | number)[]): readonly string[] {
  if (more.length === 0) return KEYS
  return first === 'setup' ? KEYS_OF_STEP : KEYS_OF_DATABASE
}

function shortened(json: string): string {
  const line = json.replaceAll(/\s+/g, ' ')
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE - 1)}…` : line
}
