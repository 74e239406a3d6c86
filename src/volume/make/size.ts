const UNITS: Readonly<Record<string, number>> = { '': 20, k: 10, m: 20, g: 30, t: 40 }

/**
 * A size as `mount` takes it: `128M`, `1g`, `512k`, in powers of 1024; also `128MB` and `128MiB`. A number alone is in
 * megabytes. `undefined`: it is none.
 */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? []
  if (number === undefined) return undefined
  // Whole pages.
  return Math.ceil((Number(number) * 2 ** (UNITS[unit.toLowerCase()] ?? 20)) / 4096) * 4096
}

/** The same in the largest unit that is exact: `128M`. */
export function formatSize(bytes: number): string {
  for (const [unit, power] of Object.entries(UNITS).toReversed()) {
    if (unit !== '' && bytes >= 2 ** power && bytes % 2 ** power === 0)
      return `${bytes / 2 ** power}${unit.toUpperCase()}`
  }
  return String(bytes)
}
