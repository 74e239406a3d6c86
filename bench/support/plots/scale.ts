/** The whole powers of ten around all values, and at least one decade. */
export function decades(values: readonly number[]): readonly [low: number, high: number] {
  if (values.length === 0 || values.some((value) => !(value > 0))) {
    throw new Error('a logarithmic axis is of values above 0')
  }
  // A rounding error must not add a decade.
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9)
  const high = Math.ceil(Math.log10(Math.max(...values)) - 1e-9)
  return [10 ** low, 10 ** Math.max(high, low + 1)]
}

const STEPS: Readonly<Record<string, readonly (readonly [from: number, unit: string])[]>> = {
  ms: [
    [1000, 's'],
    [1, 'ms'],
    [0, 'µs'],
  ],
  µs: [
    [1_000_000, 's'],
    [1000, 'ms'],
    [0, 'µs'],
  ],
}

/** `2.5 s` of 2,500 ms: two digits, in the unit that reads best. */
export function short(value: number, unit: string): string {
  // Of the next larger unit, too, what would be rounded up to it.
  const [from, shown] = STEPS[unit]?.find(([from]) => value >= from * 0.995) ?? [1, unit]
  const scaled = from === 0 && unit === 'ms' ? value * 1000 : value / Math.max(from, 1)
  const digits = Math.min(3, Math.max(0, 1 - Math.floor(Math.log10(scaled) + 1e-9)))
  return `${Number(scaled.toFixed(digits)).toLocaleString('en')} ${shown}`.trim()
}

/** `10k` of 10,000. */
export function shortCount(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000}M`
  return value >= 1000 ? `${value / 1000}k` : String(value)
}
