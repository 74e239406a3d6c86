import type { FileFacts } from './file-facts.ts'

/** A step of the set-up, as the configuration or a framework says it. */
export interface SetupStep {
  /** A command line for `/bin/sh`, run in the project's folder. */
  readonly run: string
  /** Globs relative to the project's folder: the files whose content decides what the step makes. */
  readonly inputs: readonly string[]
  /** Names of environment variables whose values decide as well. */
  readonly variables?: readonly string[]
  /** The step only does what is pending: it may start from an older state of the same lineage. */
  readonly incremental?: boolean
}

/**
 * How a file may differ between a cached layer and now, for an incremental step to start from that layer:
 *
 * - `fixed`: not at all
 * - `ordered`: files may have been added, if each sorts after all that were there beside it (migrations)
 * - `free`: it may have changed, because what was done already does not depend on it (models, generated schemas)
 *
 * Whatever its role, a file that differs makes the exact layer a miss.
 */
export type InputRole = 'fixed' | 'ordered' | 'free'

export interface FrameworkInput {
  /** Relative to the project's folder, with `/`. */
  readonly path: string
  readonly role: InputRole
  /** Stands for the content where only a part of a file counts; `path` then names the part as well: `FILE#PART`. */
  readonly hash?: string
}

/** How the steps are led to a private database instead of the user's. */
export type Route =
  /** By variables that the framework reads; `{path}` in a value stands for the (first) database, `{path:NAME}` for one by name. */
  | {
      readonly kind: 'variables'
      readonly variables: Readonly<Record<string, string>>
      /** More of them, to keep steps from what only steps would do. An app that is led does without. */
      readonly forSteps?: Readonly<Record<string, string>>
    }
  /** By a hook in Python that rewrites the connection's name. */
  | { readonly kind: 'django' }
  /** Nothing is known of how: the path itself leads to the private database while a step runs. */
  | { readonly kind: 'in-place' }

/** What is known of a project before anything is run. */
export interface Project {
  /** Absolute. */
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  readonly databases: readonly { readonly name: string; readonly origin: string }[]
  /** Every file of the project that can be an input, relative to the root, with `/`, sorted. */
  readonly files: readonly string[]
  /** Content hashes and what was derived from content, cached by stat. */
  readonly facts: FileFacts
}

/** What a framework adds to the set-up of a project of its kind. */
export interface Framework {
  readonly name: string
  /** What sets the database up where the configuration has no `setup`. */
  readonly steps: readonly SetupStep[]
  /** What the first step depends on, besides the files that it names itself; all later layers stand on it. */
  readonly inputs: readonly FrameworkInput[]
  /** Names and versions of what is installed, such as `django 3.2.19`, sorted; read without starting the framework. */
  readonly packages: readonly string[]
  /** Names of environment variables that the framework's settings read. */
  readonly variables: readonly string[]
  readonly route: Route
  /**
   * New `ordered` files need to sort after those in their own folder only, as the framework knows the order between
   * folders (Django's apps). Else they must come after the `ordered` files of their kind in all other folders, too.
   */
  readonly foldersAreIndependent?: boolean
  /**
   * Why new files may not be run on top of what was applied, or `undefined` if nothing speaks against it. Called with
   * what was added to the `ordered` inputs.
   */
  readonly whyNotOnTop?: (added: readonly string[]) => string | undefined
  /** Columns, as `table.column`, in which the tool notes in how many runs it did its work: a continued state has others. */
  readonly bookkeeping?: readonly string[]
}

/** @returns `undefined` where the project is not of this kind */
export type FindFramework = (project: Project) => Promise<Framework | undefined>
