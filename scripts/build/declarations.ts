import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const IMPORTS = /(?<before>\bfrom\s*|\bimport\s*\(?\s*)(?<quote>["'])(?<specifier>[^"']+)\k<quote>/g

/** Optional peers: whoever imports what is declared there has the runner, and its types are those of that very version. */
const RUNNERS: Readonly<Record<string, RegExp>> = { 'testing/vitest/': /^vitest(\/|$)/ }

/**
 * Of the declarations in `dist`, keep those that the public ones lead to, with imports that every TypeScript resolves.
 *
 * @throws if one of them imports another package than Node.js itself, or the runner that it is for: what is bundled cannot
 *   be named in the types
 */
export function publishDeclarations(dist: string, entries: readonly string[]): void {
  const published = new Set<string>()
  for (const entry of entries) follow(join(dist, entry))
  for (const file of globSync('**/*.d.ts', { cwd: dist })) {
    if (!published.has(join(dist, file))) rmSync(join(dist, file))
  }

  function follow(file: string): void {
    if (published.has(file)) return
    published.add(file)
    const text = readFileSync(file, 'utf8').replace(IMPORTS, (_all, before: string, quote: string, to: string) => {
      if (to.startsWith('node:') || isOwnRunner(relative(dist, file), to)) return `${before}${quote}${to}${quote}`
      if (!to.startsWith('.')) throw new Error(`${file} imports ${to}, which is not installed with devshm`)
      const stem = to.replace(/\.[jt]s$/, '')
      follow(join(dirname(file), `${stem}.d.ts`))
      return `${before}${quote}${stem}.js${quote}`
    })
    writeFileSync(file, text)
  }
}

function isOwnRunner(file: string, specifier: string): boolean {
  return Object.entries(RUNNERS).some(([folder, runner]) => file.startsWith(folder) && runner.test(specifier))
}
