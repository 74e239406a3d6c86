import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from './report.ts'

/** One call of the benchmarks: what was measured in it can be compared. */
export interface Run {
  /** When it began, in ISO 8601. */
  readonly at: string
  readonly runs: number
  /** What the numbers depend on, one fact a line. */
  readonly machine: readonly string[]
}

/** What one suite found, and in which run. */
export interface Part {
  readonly name: string
  readonly run: Run
  readonly report: Report
  readonly leftOut: readonly string[]
  readonly failed: readonly string[]
}

/** The last result of each suite, a file each: one can be measured again, and the page be written, without the others. */
export class ResultsFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  read(suite: string): Part | undefined {
    const path = this.#path(suite)
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Part) : undefined
  }

  write(part: Part): void {
    mkdirSync(this.#folder, { recursive: true })
    writeFileSync(this.#path(part.name), `${JSON.stringify(part, null, 1)}\n`)
  }

  #path(suite: string): string {
    return join(this.#folder, `${suite}.json`)
  }
}
