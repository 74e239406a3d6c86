/** Globs that match just these files: what means something in a glob is matched by `?`, which takes any character. */
export function asGlobs(paths: readonly string[]): string[] {
  return paths.map((path) => path.replaceAll(/[*?[\]{}()!+@\\|]/g, '?'))
}
