import type { PythonSource } from './python-source.ts'

export interface Statement {
  /** As in {@link PythonSource}. */
  readonly code: string
  /** In the body of a function: it does not run when the module is imported. */
  readonly isLater: boolean
}

const FUNCTION = /^(?:async\s+)?def\b/
const ONLY_FOR_TYPES = /^if\s+(?:\w+\.)?TYPE_CHECKING\s*:/

/** The statements of a module, but for those that only a type checker reads. */
export function statementsOf({ lines }: PythonSource): Statement[] {
  const statements: Statement[] = []
  const blocks: { readonly indent: number; readonly kind: 'function' | 'types' }[] = []
  for (const line of lines) {
    const code = line.trim()
    if (code === '') continue
    const indent = indentOf(line)
    while ((blocks.at(-1)?.indent ?? -1) >= indent) blocks.pop()
    if (ONLY_FOR_TYPES.test(code)) blocks.push({ indent, kind: 'types' })
    if (FUNCTION.test(code)) blocks.push({ indent, kind: 'function' })
    if (blocks.some(({ kind }) => kind === 'types')) continue
    statements.push({ code, isLater: blocks.length > 0 })
  }
  return statements
}

function indentOf(line: string): number {
  let width = 0
  for (const character of line) {
    if (character === ' ') width += 1
    else if (character === '\t') width += 8 - (width % 8)
    else if (character !== '\f' && character !== '\uFEFF') break
  }
  return width
}
