/** @throws {RangeError} of nothing */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low, high] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]]
  if (low === undefined || high === undefined) throw new RangeError('there is no median of nothing')
  return (low + high) / 2
}

/**
 * How many times as long the first takes: the median of the ratios within the rounds. Where one was measured more often
 * than the other, it is the ratio of the medians.
 */
export function ratioOf(over: readonly number[], under: readonly number[]): number {
  if (over.length !== under.length) return median(over) / median(under)
  return median(over.map((value, round) => value / (under[round] ?? Number.NaN)))
}
