/** Milliseconds for people, to three digits: `0.045 ms`, `31 ms`, `2.4 s`, `240 s`. */
export function sayMs(ms: number): string {
  return ms >= 999.5 ? `${threeDigits(ms / 1000)} s` : `${threeDigits(ms)} ms`
}

/** A ratio, no more exact than it is: `120 ×`, `7.6 ×`, `1.05 ×`. */
export function sayRatio(ratio: number): string {
  if (ratio >= 9.95) return `${Math.round(ratio)} ×`
  return `${Number(ratio.toFixed(ratio >= 1.1 ? 1 : 2))} ×`
}

function threeDigits(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}
