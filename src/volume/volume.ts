/** A RAM-backed folder that can hold live databases. */
export interface Volume {
  /** Absolute path without links. */
  readonly path: string
  /** How it was found: `DEVSHM_VOLUME`, the configuration, or by looking. */
  readonly source: 'environment' | 'configuration' | 'found'
  /** Bytes that can still be written there: the least of its own free space and the memory that is left. */
  readonly freeBytes: number
  readonly totalBytes: number
  /** What is in use of it, by whomever. */
  readonly usedBytes: number
  /** The mount, as `st_dev`: another container's folder of the same name has another one. */
  readonly device: string
}

/** A place that was looked at, and why it cannot be used if it cannot. */
export type Candidate =
  | { readonly path: string; readonly source: Volume['source']; readonly volume: Volume }
  | { readonly path: string; readonly source: Volume['source']; readonly refusal: string }
