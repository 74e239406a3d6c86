import type { Verdict } from './verdict.ts'

export const PARTS = ['commits', 'setup', 'tests'] as const

export type PartName = (typeof PARTS)[number]

/** Where the work of a row is done; for its colour. */
export type Medium = 'disk' | 'ram' | 'wal' | 'template'

export interface Row {
  /** Stable: programs may look for it. */
  readonly id: string
  readonly label: string
  readonly medium: Medium
  /** In milliseconds, one a round; at least one. */
  readonly values: readonly number[]
  /** The id of the row in the same part that it is compared with. */
  readonly comparedTo?: string
}

export interface Part {
  readonly name: PartName
  readonly title: string
  readonly rows: readonly Row[]
  /** What a reader of the rows should know, in sentences. */
  readonly notes: readonly string[]
  /** Why there are no rows. */
  readonly leftOut?: string
  /** It is left out because something failed. */
  readonly hasFailed?: boolean
}

/** What was measured, where, and what it means. */
export interface Report {
  /** Absolute: the project's folder. */
  readonly root: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly machine: Machine
  readonly parts: readonly Part[]
  readonly verdict: Verdict
}

export interface Machine {
  readonly platform: string
  readonly arch: string
  readonly processor: string
  readonly cores: number
  readonly memoryBytes: number
  readonly node: string
  /** The folder in RAM that was measured; `undefined`: there is none. */
  readonly volume: string | undefined
  /** The project itself lies in RAM. */
  readonly diskIsRam: boolean
  /** Processes that were running or waiting on average, in the minute before it began. */
  readonly load: number
}

/** A row's values, by its id. */
export function valuesOf(parts: readonly Part[], id: string): readonly number[] | undefined {
  return parts.flatMap(({ rows }) => rows).find((row) => row.id === id)?.values
}

/** That others were at work as well, where they were. */
export function saysBusy({ load, cores }: Machine): string[] {
  if (load <= cores) return []
  return [
    `The machine was busy (a load of ${load.toFixed(1)} on ${cores} cores): ratios say more than times, if the spread is small.`,
  ]
}
