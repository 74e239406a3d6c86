import type { Surroundings } from './surroundings.ts'

/**
 * `problem`: devshm, or the app under it, will not work here. `warning`: it works until something likely happens.
 * `note`: worth knowing. `ok`: looked at, and in order.
 */
export type Level = 'ok' | 'note' | 'warning' | 'problem'

/** What one check saw of one subject. */
export interface Observation {
  readonly level: Level
  /** What it is about: an absolute path, or a short name. */
  readonly subject: string
  /** Continues the subject as a sentence: "is tracked by git". */
  readonly message: string
  /** What to do about it; several lines where there are several ways. */
  readonly remedy?: string
}

/** Part of the `--json` contract: fields are only ever added. */
export interface Finding extends Observation {
  readonly check: string
}

/** Look at one thing that can go wrong. Changes nothing; may throw, which becomes a finding. */
export type Check = (surroundings: Surroundings) => Promise<Observation[]>
