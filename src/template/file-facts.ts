/**
 * Content hashes of a project's files, and what was derived from their content, remembered by what the file system says
 * of each file (as git's index does): an unchanged file is not read again.
 */
export interface FileFacts {
  /** SHA-256 of the content in hex, or `undefined` if there is no such file. `path` is relative to the root. */
  hashOf(path: string): string | undefined
  /** `derive(content)`, remembered under `key` for as long as the content is the same; `undefined` if there is no such file. */
  derived(path: string, key: string, derive: (content: string) => readonly string[]): readonly string[] | undefined
  /** Keep what was learnt for the next time. */
  save(): void
}
