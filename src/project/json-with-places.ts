import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'

/** A mistake in a text, at an offset in UTF-16 units. */
export interface Mistake {
  readonly offset: number
  readonly message: string
}

/** Names that JavaScript gives a meaning of its own: as a key they would silently not be seen. */
const UNUSABLE_KEYS = ['__proto__', 'constructor', 'prototype']

/** Parse JSON with comments and trailing commas; every value keeps its place. */
export function parseWithPlaces(text: string): Node | Mistake {
  const errors: ParseError[] = []
  let tree: Node | undefined
  try {
    tree = parseTree(text, errors, { allowTrailingComma: true })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { offset: 0, message: 'nested too deeply' }
  }
  const [first] = errors
  if (first !== undefined) return { offset: first.offset, message: inWords(printParseErrorCode(first.error)) }
  return tree ?? { offset: 0, message: 'value expected' }
}

/** The first key that is there twice in one object, or that JavaScript could not keep. */
export function findBadKey(node: Node, text: string): Mistake | undefined {
  const seen = new Map<string, number>()
  for (const child of node.children ?? []) {
    const [key] = node.type === 'object' ? (child.children ?? []) : []
    if (key !== undefined) {
      const name = String(key.value)
      const before = seen.get(name)
      if (before !== undefined) {
        const message = `the key ${JSON.stringify(name)} is there twice, first in line ${lineAndColumn(text, before).line}`
        return { offset: key.offset, message }
      }
      if (UNUSABLE_KEYS.includes(name)) return { offset: key.offset, message: `"${name}" cannot be a name` }
      seen.set(name, key.offset)
    }
    const deeper = findBadKey(child, text)
    if (deeper !== undefined) return deeper
  }
  return undefined
}

/** The first text with a NUL in it, which no path, command or variable can have. */
export function findNul(node: Node): Mistake | undefined {
  // Not by recursion: the parser gets further down than that would.
  const left = [node]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next.type === 'string' && String(next.value).includes('\0')) {
      return { offset: next.offset, message: `${JSON.stringify(next.value)} has the character NUL in it` }
    }
    left.push(...(next.children ?? []).toReversed())
  }
  return undefined
}

/** The value of a node; of a list under any key but `lists`, `undefined`: Valibot takes lists for objects. */
export function valueOf(node: Node, lists: readonly string[]): unknown {
  const children = node.children ?? []
  if (node.type === 'array') {
    const isList = lists.includes(String(node.parent?.children?.[0]?.value))
    return isList ? children.map((child) => valueOf(child, lists)) : undefined
  }
  if (node.type !== 'object') return node.value
  const pairs = children.map((property) => property.children ?? [])
  return Object.fromEntries(pairs.map(([key, value]) => [key?.value, value && valueOf(value, lists)]))
}

/** The place of a value; of its key, if `ofKey`; of the nearest object around it where it is missing. */
export function offsetAt(tree: Node, path: readonly (string | number)[], ofKey: boolean): number {
  const node = findNodeAtLocation(tree, [...path])
  if (node === undefined) return path.length === 0 ? tree.offset : offsetAt(tree, path.slice(0, -1), false)
  return (ofKey ? node.parent?.offset : undefined) ?? node.offset
}

/** Both counted from 1, columns in UTF-16 units, as editors do. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/)
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

/** `PropertyNameExpected` is `property name expected`. */
function inWords(code: string): string {
  return code.replaceAll(/(?<=.)([A-Z])/g, ' $1').toLowerCase()
}
