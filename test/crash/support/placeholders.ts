/**
 * What differs from run to run in the names that devshm gives, as a text and the extended regular expression (POSIX) that
 * it stands for. Applied one after the other, everywhere in a path.
 */
export const PLACEHOLDERS: readonly (readonly [text: string, pattern: string])[] = [
  // Folders made by mkdtemp.
  ['live-RANDOM', 'live-[A-Za-z0-9]{6}'],
  ['begun-RANDOM', 'begun-[A-Za-z0-9]{6}'],
  ['build-RANDOM', 'build-[A-Za-z0-9]{6}'],
  ['pool-RANDOM', 'pool-[A-Za-z0-9]{6}'],
  ['worker-RANDOM', 'worker-[A-Za-z0-9]{6}'],
  ['keeping-RANDOM', 'keeping-[A-Za-z0-9]{6}'],
  ['layer-RANDOM', 'layer-[A-Za-z0-9]{6}'],
  // A lease's process and its start.
  ['PID-START.', '[0-9]+-[0-9]+\\.'],
  ['also-PID', 'also-[0-9]+'],
  // A project's folder in the volume: its name, and a hash of its path.
  ['project-HASH', 'project-[0-9a-z]{11}'],
  // What is remembered of a project's files, being written.
  ['.facts.PID.new', '\\.facts\\.[0-9]+\\.new'],
  // Where tests left something that is kept.
  ['kept/HASH', 'kept/[0-9a-z]{11}'],
  ['TIME-clone-1-RANDOM', '[0-9]{17}-clone-1-[A-Za-z0-9]{6}'],
  // SQLite's temporary files.
  ['etilqs_RANDOM', 'etilqs_[0-9a-f]+'],
]

const EXPRESSIONS = PLACEHOLDERS.map(([text, pattern]) => [text, new RegExp(pattern, 'g')] as const)

/** What a name is called in every run alike. */
export function withPlaceholders(name: string): string {
  return EXPRESSIONS.reduce((result, [text, pattern]) => result.replaceAll(pattern, text), name)
}
