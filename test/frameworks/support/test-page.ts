import { existsSync } from 'node:fs'
import { test } from 'vitest'
import { followPage, initialise } from './follow-page.ts'
import { createGenerated, type Generated } from './generated.ts'
import { readPage } from './page.ts'

export interface PageTest {
  /** Fills an empty project by the generators of the page's framework. */
  readonly make: (project: Generated) => Promise<void> | void
  /** Paths of what the system must have; without them the test is skipped, but in CI. */
  readonly needs?: readonly string[]
  /** devshm does the same without the configuration that `devshm init` writes. */
  readonly isPreset: boolean
}

/** A test that executes the commands of a page in `docs/frameworks/`; of one that is marked as not executed, `devshm init`. */
export function testPage(name: string, { make, needs = [], isPreset }: PageTest): void {
  const page = readPage(name)
  const what = page.isMarked
    ? 'devshm init writes what its page shows'
    : 'every command of its page works on a project that its own generators made'
  const isSkipped = !needs.every((path) => existsSync(path)) && process.env['CI'] === undefined
  test.skipIf(isSkipped)(`${name}: ${what}`, async () => {
    await using project = await createGenerated()
    await make(project)
    if (page.isMarked) await initialise(project, 'devshm init --yes', page)
    else await followPage(project, page, { isPreset })
  })
}
