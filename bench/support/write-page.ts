import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { draw } from './plots/draw.ts'
import { renderPage } from './page.ts'
import { ResultsFolder, type Part } from './results.ts'
import type { Suite } from './suite.ts'

export const DOCS: string = join(import.meta.dirname, '../../docs')
export const RESULTS: ResultsFolder = new ResultsFolder(join(import.meta.dirname, '../results'))

interface Rendered {
  /** Suites without a result. */
  readonly missing: readonly string[]
  /** The page and its plots, by their paths in `docs/`; none if a result is missing. */
  readonly files: ReadonlyMap<string, string>
}

/** The page of the last result of each suite. */
export function renderAll(suites: readonly Suite[]): Rendered {
  const found = suites.map(({ name }) => ({ name, part: RESULTS.read(name) }))
  const missing = found.filter(({ part }) => part === undefined).map(({ name }) => name)
  if (missing.length > 0) return { missing, files: new Map() }
  const parts = found.map(({ part }) => part).filter((part): part is Part => part !== undefined)
  const plots = parts.flatMap(({ report }) => report.plots ?? [])
  return {
    missing,
    files: new Map([
      ['benchmarks.md', renderPage(parts)],
      ...plots.map((plot) => [`benchmarks/${plot.file}`, draw(plot)] as const),
    ]),
  }
}

/** @returns the suites without a result; then nothing is written */
export function writePage(suites: readonly Suite[]): readonly string[] {
  const { missing, files } = renderAll(suites)
  if (missing.length > 0) return missing
  for (const old of plotsThere()) rmSync(join(DOCS, old))
  for (const [path, text] of files) {
    mkdirSync(dirname(join(DOCS, path)), { recursive: true })
    writeFileSync(join(DOCS, path), text)
  }
  return missing
}

/** Their paths in `docs/`. */
export function plotsThere(): string[] {
  return globSync('benchmarks/*.svg', { cwd: DOCS })
}
