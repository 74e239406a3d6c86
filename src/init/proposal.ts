import type { ConfiguredStep } from '../project/configuration.ts'

/** What a configuration says that means what devshm finds by itself, or what a recipe has for the project. */
export interface Proposal {
  /** Absolute; the folder that the configuration is for. */
  readonly root: string
  /** For people. */
  readonly framework: string
  /** Whether devshm would do the same without a configuration. */
  readonly isPreset: boolean
  /** Frameworks that were found as well, and are left out, as without a configuration. */
  readonly others: readonly string[]
  /** By name; paths are relative to the root where that is shorter. */
  readonly databases: Readonly<Record<string, { readonly path: string }>>
  readonly env: Readonly<Record<string, string>> | undefined
  readonly setup: readonly ConfiguredStep[]
  /** Variables that look as if they told the project where its database is, but are not used for it. */
  readonly maybeLeadBy: readonly string[]
  readonly toFillIn: readonly string[]
}
