import type { InputOptions, OutputOptions } from 'rolldown'

/** How everything that is published is bundled. */
export const INPUT: InputOptions = {
  platform: 'node',
  tsconfig: false,
  // The user's own, whichever version.
  external: /^vitest(\/|$)/,
  // A package's UMD build, its `main`, asks for its parts in a way that no bundler can follow.
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node24' },
  onLog: (_level, log) => {
    throw new Error(`${log.code ?? 'bundler'}: ${log.message}`)
  },
}

/** Readable stack traces are worth more than the few kilobytes; comments are in the source. */
export const OUTPUT: OutputOptions = { minify: false, comments: false }
