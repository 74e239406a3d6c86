import { isDeepStrictEqual } from 'node:util'
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser'
import { parseConfiguration } from '../project/parse-configuration.ts'
import { says } from './says.ts'
import { type Section, writeSection } from './write-configuration.ts'

/** How a configuration that is there becomes one that says what is proposed. */
export interface Amendment {
  readonly text: string
  readonly added: readonly Section['key'][]
  /** Keys whose values are replaced: what they said is lost. */
  readonly replaced: readonly Section['key'][]
}

/**
 * Bring a configuration up to what is proposed: keys that are missing are added at its beginning, values that mean something
 * else are replaced, and all else stays as it is, to the character. `env` leads the steps that are there, so it is only
 * added together with steps.
 *
 * @param text a configuration without mistakes
 */
export function amend(text: string, path: string, sections: readonly Section[]): Amendment {
  const lines = text.replaceAll('\r\n', '\n')
  if (lines !== text) {
    const amendment = amend(lines, path, sections)
    return { ...amendment, text: amendment.text.replaceAll('\n', '\r\n') }
  }
  const tree = parseTree(text, [], { allowTrailingComma: true })
  if (tree === undefined) throw new Error(`${path} was checked before, and cannot be parsed`)
  const now: Readonly<Record<string, unknown>> = { ...parseConfiguration(text, { path, under: [] }) }
  const added = sections.filter(({ key }) => now[key] === undefined && (key !== 'env' || now['setup'] === undefined))
  const replaced = sections.filter(({ key, value }) => now[key] !== undefined && !says(now[key], value))

  let amended = text
  // From the end to the beginning, so that places stay what they are.
  const places = replaced.map((section) => ({ section, node: nodeOf(tree, section.key) }))
  for (const { section, node } of places.toSorted((a, b) => b.node.offset - a.node.offset)) {
    amended = amended.slice(0, node.offset) + section.json + amended.slice(node.offset + node.length)
  }
  amended = withAdded(amended, tree, added)
  requireMeaning(amended, path, { ...now, ...Object.fromEntries([...added, ...replaced].map((s) => [s.key, s.value])) })
  return { text: amended, added: added.map(({ key }) => key), replaced: replaced.map(({ key }) => key) }
}

function nodeOf(tree: Node, key: string): Node {
  const node = findNodeAtLocation(tree, [key])
  if (node === undefined) throw new Error(`the configuration has "${key}", and it cannot be found`)
  return node
}

/** After the first brace, and after a comment that stands behind it. */
function withAdded(text: string, tree: Node, added: readonly Section[]): string {
  if (added.length === 0) return text
  const isEmpty = (tree.children ?? []).length === 0
  const start = tree.offset + 1
  const restOfLine = /^[ \t]*(?:\/\/[^\n]*)?\n/.exec(text.slice(start))?.[0]
  const at = start + (restOfLine?.length ?? 0)
  const sections = added.map(writeSection).join(',\n\n')
  const rest = text.slice(at)
  const before = text.slice(0, at) + (restOfLine === undefined ? '\n' : '') + sections
  if (isEmpty) return `${before}\n${rest}`
  return `${before},\n${restOfLine === undefined ? rest.replace(/^[ \t]*/, '  ') : `\n${rest}`}`
}

/** Nothing is written that was not read back. */
function requireMeaning(text: string, path: string, meaning: Readonly<Record<string, unknown>>): void {
  const read: unknown = parseConfiguration(text, { path, under: [] })
  if (!isDeepStrictEqual(read, meaning)) throw new Error(`the new text of ${path} would not mean what it should`)
}
