import { join, relative, sep } from 'node:path'
import type { TestProject } from 'vitest/node'
import { foldersOutside } from '../../template/inputs/globs.ts'
import { matchInputs } from '../../template/inputs/match-inputs.ts'
import type { Current } from './current-pool.ts'

/**
 * Have `--watch` run the tests again when a file is added or changed that the set-up names as its input: no test imports
 * a migration, so Vitest alone would not.
 *
 * @param getCurrent what the project was when it was looked at last
 */
export function rerunOnInputs({ vitest }: TestProject, getCurrent: () => Current): void {
  const { root, inputs } = getCurrent()
  vitest.config.watchTriggerPatterns ??= []
  vitest.config.watchTriggerPatterns.push({
    pattern: /^/,
    testsToRun(file) {
      const current = getCurrent()
      const path = relative(current.root, file).replaceAll(sep, '/')
      return matchInputs([path], current.inputs).length > 0 ? vitest.state.getFilepaths() : undefined
    },
  })
  // Vite watches its own root only.
  vitest.vite.watcher.add([root, ...foldersOutside(inputs).map((folder) => join(root, folder))])
}
