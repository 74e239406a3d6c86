import type { ConfiguredStep } from '../project/configuration.ts'

/** Longer ones are broken into lines. */
const LONGEST_LINE = 100

/** A value as JSON as a person would lay it out: in one line where that is short, else one line for each part of it. */
export function writeValue(value: unknown, indent: string): string {
  const line = inOneLine(value)
  const parts = partsOf(value)
  if (parts === undefined || indent.length + line.length <= LONGEST_LINE) return line
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const inner = `${indent}  `
  const lines = parts.map(([key, part]) => `${inner}${key}${writeValue(part, inner)}`)
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

/** One object a line, with `comments` above them: what people look at and edit is the steps. */
export function writeSetup(steps: readonly ConfiguredStep[], comments: readonly string[], indent: string): string {
  const inner = `${indent}  `
  const lines = [
    ...comments.map((comment) => `${inner}// ${comment}`),
    steps.map((step) => `${inner}${writeValue(step, inner)}`).join(',\n'),
  ]
  return `[\n${lines.join('\n')}\n${indent}]`
}

/** The same for databases. */
export function writeDatabases(databases: Readonly<Record<string, unknown>>, indent: string): string {
  const inner = `${indent}  `
  const lines = Object.entries(databases).map(
    ([name, value]) => `${inner}${JSON.stringify(name)}: ${writeValue(value, inner)}`,
  )
  return `{\n${lines.join(',\n')}\n${indent}}`
}

function inOneLine(value: unknown): string {
  const parts = partsOf(value)
  if (parts === undefined) return JSON.stringify(value)
  const inside = parts.map(([key, part]) => `${key}${inOneLine(part)}`).join(', ')
  if (Array.isArray(value)) return `[${inside}]`
  return inside === '' ? '{}' : `{ ${inside} }`
}

/** `undefined` for what has none. */
function partsOf(value: unknown): (readonly [key: string, value: unknown])[] | undefined {
  if (Array.isArray(value)) return value.map((part: unknown) => ['', part])
  if (typeof value !== 'object' || value === null) return undefined
  return Object.entries(value).map(([key, part]) => [`${JSON.stringify(key)}: `, part])
}
