/** The one in the middle. @throws {Error} there are no values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]]
  if (low === undefined || high === undefined) throw new Error('there is no median of nothing')
  return (low + high) / 2
}

/** Nothing of what was not measured. */
export function medianIfAny(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : median(values)
}

/**
 * Value by value; of two series of one run these are the ratios within each round. What was measured in fewer rounds has
 * as many ratios; what was not measured has none.
 */
export function dividedBy(numerators: readonly number[], denominators: readonly number[]): number[] {
  const rounds = Math.min(numerators.length, denominators.length)
  return numerators.slice(0, rounds).map((value, round) => value / (denominators[round] ?? Number.NaN))
}

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * The power of `x` that `y` grows with, from least to greatest `x`: 1 is in proportion, 0 not at all.
 *
 * @throws {Error} there are fewer than two values of `x`
 */
export function growth(points: readonly Point[]): number {
  const [first, ...rest] = points.toSorted((a, b) => a.x - b.x)
  const last = rest.at(-1)
  if (first === undefined || last === undefined || first.x === last.x) throw new Error('growth needs two sizes')
  return Math.log(last.y / first.y) / Math.log(last.x / first.x)
}

/** Three significant digits. */
export function round(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return digits === 0 ? Math.round(value).toLocaleString('en') : value.toFixed(digits)
}
