import type { InputRole } from '../framework.ts'

/** A file that a layer was made from, as it was then. */
export interface Input {
  /** Relative to the project's folder, with `/`. */
  readonly path: string
  /** SHA-256 of its content, in hex. */
  readonly hash: string
  readonly role: InputRole
}
