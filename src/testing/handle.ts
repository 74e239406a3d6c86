/**
 * All that another process or thread needs for clones of its own. Plain data that survives JSON; it is good for as long as
 * the pool that it is of is open.
 */
export interface TestDatabasesHandle {
  readonly version: 1
  /** Absolute: the project's folder. */
  readonly root: string
  /** The folder of the template cache. */
  readonly cache: string
  readonly fingerprint: string
  /** At least one; the first is what a clone's `path` is of. */
  readonly databases: readonly TemplateDatabase[]
  /** What leads an app to a clone; `{path}` stands for its path, `{path:NAME}` for that of one by name. */
  readonly variables: Readonly<Record<string, string>>
  readonly ram: RamPlace | { readonly refusal: string; readonly hint: string }
  /** The pool's folder on disk, for clones that do not fit. */
  readonly disk: string
}

export interface TemplateDatabase {
  readonly name: string
  /** A closed, read-only file. */
  readonly template: string
  readonly bytes: number
}

export interface RamPlace {
  /** The pool's folder. */
  readonly folder: string
  readonly volume: string
  /** Bytes that all clones of this user may take in the volume. */
  readonly budget: number
}
