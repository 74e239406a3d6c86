import type { Input } from './input.ts'

/** Paths, in the order in which the inputs are given. */
export interface InputChanges {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

/** What has become of the inputs of a layer since it was made. */
export function compareInputs(cached: readonly Input[], now: readonly Input[]): InputChanges {
  const before = new Map(cached.map((input) => [input.path, input.hash]))
  const after = new Set(now.map(({ path }) => path))
  return {
    added: now.filter(({ path }) => !before.has(path)).map(({ path }) => path),
    changed: now.filter(({ path, hash }) => before.has(path) && before.get(path) !== hash).map(({ path }) => path),
    removed: cached.filter(({ path }) => !after.has(path)).map(({ path }) => path),
  }
}
