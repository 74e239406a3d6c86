/** A path as it can be pasted into a shell: one word, and never an option. */
export function quoted(path: string): string {
  const word = path.startsWith('-') ? `./${path}` : path
  return /^[\w./@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
