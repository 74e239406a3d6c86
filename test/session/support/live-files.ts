import type { Playground } from '../../support/playground.ts'

/** What is in the playground's RAM besides the user's own empty folder, which may stay. */
export function liveFilesIn(playground: Playground): string[] {
  return playground.inRam().filter((path) => path.includes('/'))
}
