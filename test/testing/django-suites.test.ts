import { expect, test } from 'vitest'
import { hasModule } from './support/django/has-module.ts'
import { countOf, createTestedProject } from './support/django/project.ts'
import { SUITES } from './support/django/suites.ts'

/** For a hang: whole suites, three times. */
const TIMEOUT_MS = 300_000

test.for(SUITES)(
  'the suite of $module passes with and without, and has as many tests',
  { timeout: TIMEOUT_MS },
  async ({ module, label, databases, files }, { skip }) => {
    if (!(await hasModule(module))) skip('its package is not installed')
    await using project = await createTestedProject(files)
    const [python = '', ...args] = project.manage(label)
    const bare = await project.command(python, ...args)
    expect(bare.stderr).toMatch(/^OK/m)
    for (const outcome of ['miss', 'hit']) {
      const told = await project.expectTest(
        databases.map(() => outcome),
        ...project.manage(label),
      )
      expect(countOf(told)).toBe(countOf(bare))
      expect(told.stderr).toMatch(/^OK/m)
    }
  },
)
