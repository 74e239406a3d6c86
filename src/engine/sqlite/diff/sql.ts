/** A name as SQL writes it, whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * Join expressions by an operator, as a balanced tree: SQLite limits the depth of an expression to 1,000, and a chain of
 * operators is as deep as it is long.
 */
export function joined(parts: readonly string[], operator: string): string {
  if (parts.length <= 2) return parts.join(` ${operator} `)
  const middle = parts.length >> 1
  return `(${joined(parts.slice(0, middle), operator)}) ${operator} (${joined(parts.slice(middle), operator)})`
}

/** Names of tables and columns are the same whatever their case, in ASCII. */
export function folded(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
