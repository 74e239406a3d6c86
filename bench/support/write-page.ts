import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { draw } from './plots/draw.ts'
import { renderPage } from './page.ts'
import { ResultsFolder, type Part } from './results.ts'
import type { Suite } from './suite.ts'

const DOCS = join(import.meta.dirname, '../../docs')

export const RESULTS: ResultsFolder = new ResultsFolder(join(import.meta.dirname, '../results'))

/** The page and its plots, of the last result of each suite. @returns the suites without one; then nothing is written */
export function writePage(suites: readonly Suite[]): readonly string[] {
  const found = suites.map(({ name }) => ({ name, part: RESULTS.read(name) }))
  const missing = found.filter(({ part }) => part === undefined).map(({ name }) => name)
  if (missing.length > 0) return missing
  const parts = found.map(({ part }) => part).filter((part): part is Part => part !== undefined)
  const plots = join(DOCS, 'benchmarks')
  mkdirSync(plots, { recursive: true })
  for (const old of globSync('*.svg', { cwd: plots })) rmSync(join(plots, old))
  for (const plot of parts.flatMap(({ report }) => report.plots ?? []))
    writeFileSync(join(plots, plot.file), draw(plot))
  writeFileSync(join(DOCS, 'benchmarks.md'), renderPage(parts))
  return []
}
