import { findConfigurationFile, readConfigurationFile } from './configuration-file.ts'

/** What `devshm.config.json`, or the key `devshm` in `package.json`, may say. Everything is optional. */
export interface Configuration {
  /** For editors; not read by devshm. */
  readonly $schema?: string
  /** The databases to put into RAM, by a name of the user's choice; paths are relative to the file. */
  readonly databases?: Readonly<Record<string, ConfiguredDatabase>>
  /** Absolute path of a RAM-backed folder to use instead of the one that devshm finds. */
  readonly volume?: string
  /** Seconds between two saves while the database changes, or `'off'`. */
  readonly saveEvery?: number | 'off'
  /** `'keep'` leaves the app's journal mode alone, `'wal'` makes the database in RAM WAL. */
  readonly journal?: 'keep' | 'wal'
  /** Fail instead of running on disk where there is no RAM volume. */
  readonly requireRam?: boolean
  /** How many of the snapshots that devshm takes before it overwrites something stay (default 10). */
  readonly keepSnapshots?: number
  /** Their size in total, in megabytes (default 1000). */
  readonly snapshotBudget?: number
  /** What clones for tests may take of the volume, all of this user's together, in megabytes (default: half of what is free). */
  readonly cloneBudget?: number
  /** The steps that set the databases up from nothing, in order; without it those of the framework. */
  readonly setup?: readonly ConfiguredStep[]
  /** Variables by which the steps of `setup` are led to a private database; `{path}` and `{path:NAME}` stand for its path. */
  readonly env?: Readonly<Record<string, string>>
}

export interface ConfiguredStep {
  /** A command line for `/bin/sh`, run in the folder of the configuration. */
  readonly run: string
  /** Globs, relative to that folder, of the files whose content decides what the step makes. */
  readonly inputs?: readonly string[]
  /** Names of environment variables whose values decide as well. */
  readonly variables?: readonly string[]
  /** The step only does what is pending, as a migration tool does. */
  readonly incremental?: boolean
}

export interface ConfiguredDatabase {
  readonly path: string
}

/**
 * The configuration of the project at `root`, checked in full; `{}` where there is none. It is data: nothing of it is
 * ever executed. The parser and the validator are only imported when there is a configuration.
 *
 * @throws {UsageError} both `devshm.config.json` and the key in `package.json` exist
 * @throws {DevshmError} `CONFIGURATION`: a mistake in the file, with its line and column
 */
export async function loadConfiguration(root: string): Promise<Configuration> {
  const file = findConfigurationFile(root)
  if (file === undefined) return {}
  const text = readConfigurationFile(file.path)
  const { parseConfiguration } = await import('./parse-configuration.ts')
  return parseConfiguration(text, file)
}
