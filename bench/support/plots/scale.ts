/** 1, 2 or 5 times a power of ten, below and above all values, and far enough apart to draw between. */
export function bounds(values: readonly number[]): readonly [low: number, high: number] {
  if (values.length === 0 || values.some((value) => !(value > 0))) {
    throw new Error('a logarithmic axis is of values above 0')
  }
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const low = stepsAround(least).findLast((step) => step <= least * (1 + ROUNDING)) ?? least
  const wanted = Math.max(most, low * NARROWEST)
  const high = stepsAround(wanted).find((step) => step >= wanted * (1 - ROUNDING)) ?? wanted
  return [low, high]
}

const NARROWEST = 10
const ROUNDING = 1e-9

/** Of the decades of a value and its neighbours, in order. */
function stepsAround(value: number): number[] {
  const exponent = Math.floor(Math.log10(value))
  return [exponent - 1, exponent, exponent + 1].flatMap((power) =>
    [1, 2, 5].map((digit) => Number(`${digit}e${power}`)),
  )
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

/** {@link short} of a power of ten; nothing where an axis ends in between. */
export function decadeLabel(value: number, unit: string): string {
  const exponent = Math.log10(value)
  return Math.abs(exponent - Math.round(exponent)) < ROUNDING ? short(value, unit) : ''
}

/** `10k` of 10,000. */
export function shortCount(value: number): string {
  if (value >= 1_000_000) return `${value / 1_000_000}M`
  return value >= 1000 ? `${value / 1000}k` : String(value)
}
