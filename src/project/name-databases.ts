import { basename, extname, relative } from 'node:path'

/** Names to tell databases apart for people: the file's own, or its path in the project where two have the same. */
export function nameDatabases(paths: readonly string[], root: string): string[] {
  const short = paths.map((path) => asName(basename(path, extname(path))))
  const long = paths.map((path, index) =>
    isRepeated(short, index) ? asName(relative(root, path)) : (short[index] ?? ''),
  )
  return long.map((name, index) => (isRepeated(long, index) ? `${name}-${index + 1}` : name))
}

function asName(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]+/g, '-').replaceAll(/^-|-$/g, '') || 'database'
}

function isRepeated(names: readonly string[], index: number): boolean {
  return names.some((name, other) => other !== index && name === names[index])
}
