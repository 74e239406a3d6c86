const LONGEST = 80

/** A command line for people: one line, whatever its arguments hold, and not a long one. */
export function nameCommand(words: readonly string[]): string {
  // A script in an argument must not break the line, nor move the cursor.
  const line = words
    .join(' ')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
