/** A command line that runs in a folder of the project, given relative to it. */
export function inFolder(base: string, command: string): string {
  return base === '' ? command : `cd ${quoted(base)} && ${command}`
}

/** One word of a command line for `/bin/sh`. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
