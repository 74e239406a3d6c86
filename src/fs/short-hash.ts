/**
 * A short name for a text, of letters and digits: the same for the same text, and different for others but for one
 * chance in 2^53 or so. Not for secrets. `node:crypto` would do, but takes longer to load than an attach takes.
 *
 * @see https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js (public domain)
 */
export function shortHash(text: string): string {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (const byte of Buffer.from(text)) {
    high = Math.imul(high ^ byte, 2654435761)
    low = Math.imul(low ^ byte, 1597334677)
  }
  const mixedHigh = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  const mixedLow = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(mixedHigh ^ (mixedHigh >>> 13), 3266489909)
  return ((mixedLow >>> 11) * 2 ** 32 + (mixedHigh >>> 0)).toString(36).padStart(11, '0')
}
