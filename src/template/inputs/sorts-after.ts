/**
 * Whether a name comes after another in every order that a migration tool may use: by code unit (`10_b` before `9_a`),
 * and by number, whatever the case of letters (`9_a` before `10_b`).
 */
export function sortsAfter(name: string, other: string): boolean {
  return name > other && compareByNumber(name.toLowerCase(), other.toLowerCase()) > 0
}

function compareByNumber(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? ''
    const difference = isNumber(part) && isNumber(other) ? Number(BigInt(part) - BigInt(other)) : 0
    if (difference !== 0) return difference
    if (part !== other && !(isNumber(part) && isNumber(other))) return part < other ? -1 : 1
  }
  return left.length - right.length
}

/** Digits and what stands between them, in turn. */
function partsOf(name: string): string[] {
  return name.match(/\d+|\D+/g) ?? []
}

function isNumber(part: string): boolean {
  return /^\d/.test(part)
}
