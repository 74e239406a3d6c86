import type { ConfiguredStep } from '../project/configuration.ts'
import type { Project } from '../template/framework.ts'

/** What a configuration says for a tool whose projects devshm does not set up without one. */
export interface Recipe {
  /** For people. */
  readonly name: string
  readonly steps: readonly ConfiguredStep[]
  /** Variables that lead the steps to a private database. */
  readonly env?: Readonly<Record<string, string>>
  /** Files that the project's own settings name as its databases, relative to the project's folder. */
  readonly databases?: readonly string[]
  /** Variables that its scripts read. */
  readonly variables?: readonly string[]
  /** What only the user knows: a comment above the steps, and a line on the terminal. */
  readonly toFillIn?: readonly string[]
}

/** @returns `undefined` where the project does not use the tool, or not with SQLite */
export type FindRecipe = (project: Project) => Recipe | undefined
