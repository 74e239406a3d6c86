/** What a program wrote last usually says why it failed; where it ran is different each time. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.trim().split('\n').at(-1) ?? '').replaceAll(/[^\s'"]*\/devshm-bench-[^\s/]*\//g, '')
}
