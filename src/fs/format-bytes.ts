const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

/** A size as people write it, in powers of 1000: `0 B`, `12.4 MB`, `840 KB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}
